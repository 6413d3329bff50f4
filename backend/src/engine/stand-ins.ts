import { portsOf, type Step } from '@sluice/shared/flow';
import type { Draft } from './draft.js';

/*
 * Steps of a trial that give what somebody put in their place. They are named when the run begins, with their outputs
 * sealed, and settle by that when it is their turn: so a way that isn't taken passes them over as any other step.
 */

/** Writes what stands in for steps of the flow itself, as JSON by id. */
export function noteStandIns(draft: Draft, outputs: ReadonlyMap<string, string>): void {
  if (outputs.size === 0) return;
  draft.entry('step.stand_ins', { detail: { steps: [...outputs.keys()] } });
  for (const [id, json] of outputs) draft.output(id, json);
}

/** The way on when all went well: an approval is approved. */
export function standInPort(step: Step): string {
  return portsOf(step).find((port) => port !== 'error') ?? 'next';
}
