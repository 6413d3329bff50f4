import { type FlowDocument, type Graph, isContainer, type Operation, stepsAfter } from '@sluice/shared/flow';
import { frameAround, type Point, type Size, stepSize } from './frame.js';
import { rowGap } from './layout.js';
import { placeSteps } from './place-steps.js';

/** The moves after a change that made a frame taller: what follows below it goes down as far as it must, and so on outwards. */
export function roomOperations(before: FlowDocument, after: FlowDocument): Operation[] {
  if (!after.steps.some(isContainer)) return [];
  const [had, has] = [placeSteps(before), placeSteps(after)];
  const moved = new Map<string, [number, number]>();
  sizeOf(after);
  return moved.size === 0 ? [] : [{ kind: 'move-steps', to: Object.fromEntries(moved) }];

  function placeOf(id: string): Point {
    return moved.get(id) ?? has.get(id)?.at ?? [0, 0];
  }
  /** The size of a frame around one level, once that and the levels in it made room. */
  function sizeOf(graph: Graph): Size {
    const sizes = new Map<string, Size>(
      graph.steps.map((step) => [step.id, isContainer(step) ? sizeOf(step) : stepSize]),
    );
    for (const [id, size] of sizes) {
      const old = had.get(id)?.size ?? size;
      if (size.height <= old.height) continue;
      const top = placeOf(id)[1];
      const below = [...stepsAfter(graph, id)].filter((next) => placeOf(next)[1] >= top + old.height);
      const nearest = Math.min(...below.map((next) => placeOf(next)[1]));
      const missing = top + size.height + rowGap - nearest;
      for (const next of missing > 0 ? below : []) {
        const [x, y] = placeOf(next);
        moved.set(next, [x, y + missing]);
      }
    }
    return frameAround([...sizes].map(([id, size]) => ({ at: placeOf(id), size })));
  }
}
