import { everyStep, findStep, type FlowDocument, type Operation, portsOf } from '@sluice/shared/flow';
import { connectOperation } from './from-canvas.js';

/** A wire that could be drawn from a step. */
export interface PossibleWire {
  readonly port: string;
  readonly to: string;
  readonly operation: Operation;
}

/** Every wire that a step may still be given; `refusalOf` says why one may not be. */
export function wiresFrom(
  document: FlowDocument,
  from: string,
  refusalOf: (operation: Operation) => string | null,
): PossibleWire[] {
  const step = findStep(document, from);
  if (step === undefined) return [];
  const others = [...everyStep(document)].map(({ id }) => id).filter((id) => id !== from);
  return portsOf(step).flatMap((port) =>
    others
      .map((to) => ({ port, to, operation: connectOperation({ source: from, sourceHandle: port, target: to }) }))
      .filter(({ operation }) => refusalOf(operation) === null),
  );
}
