import { containersAround, findStep, type FlowDocument, type Operation } from '@sluice/shared/flow';
import { keptInside } from './frame.js';
import { removeOperations } from './from-canvas.js';
import { placesOf, snap } from './layout.js';
import { placeSteps } from './place-steps.js';

/** Puts a step into a container, or out of all with `null`. Its wires stay behind, joined where they can be; what is inside keeps its places. */
export function relevelOperations(
  document: FlowDocument,
  id: string,
  to: { level: string | null; at: readonly [number, number] },
): Operation[] {
  const step = findStep(document, id);
  if (step === undefined || step.kind === 'trigger') return [];
  const places = placesOf(document);
  const inside = Object.keys(places).filter((other) =>
    containersAround(document, other).some((around) => around.id === id),
  );
  const snapped: [number, number] = [snap(to.at[0]), snap(to.at[1])];
  const kept = Object.fromEntries(
    inside.map((other): [string, [number, number]] => [other, [...(places[other] ?? [0, 0])]]),
  );
  return [
    ...removeOperations(document, [id]),
    to.level === null
      ? { kind: 'add-step', step, at: snapped }
      : { kind: 'add-step', step, at: keptInside(snapped), inside: to.level },
    ...(inside.length > 0 ? [{ kind: 'move-steps', to: kept } as const] : []),
  ];
}

/** Puts a step beside the loop that it is in. */
export function takeOutOperations(document: FlowDocument, id: string): Operation[] {
  const around = containersAround(document, id);
  const loop = placeSteps(document).get(around.at(-1)?.id ?? '');
  if (loop === undefined) return [];
  const at = [loop.at[0] + loop.size.width + 20, loop.at[1]] as const;
  return relevelOperations(document, id, { level: loop.level, at });
}
