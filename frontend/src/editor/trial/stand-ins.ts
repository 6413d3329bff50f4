import {
  containersAround,
  everyStep,
  type FlowDocument,
  isContainer,
  isPure,
  type Step,
  stepsBefore,
} from '@sluice/shared/flow';
import { type Json, jsonSchema } from '@sluice/shared/lib';
import type { Samples } from '../store/samples.js';

/** Which steps of a trial run, and which only give their sample. */
export type Calls =
  /** Every step runs. */
  | 'all'
  /** Only the step that is tried: what comes before gives its sample. */
  | 'last'
  /** Nothing leaves, nobody is asked and nothing is remembered. */
  | 'none';

/** What stands in for steps of the flow itself, by their id; `upTo` is the last step that is tried. */
export function standInsFor(
  { document, samples }: { document: FlowDocument; samples: Samples },
  { upTo, calls }: { upTo?: string | undefined; calls: Calls },
): Record<string, Json> {
  if (calls === 'all') return {};
  const outermost = upTo === undefined ? undefined : (containersAround(document, upTo)[0]?.id ?? upTo);
  const tried = outermost === undefined ? null : stepsBefore(document, outermost).add(outermost);
  const standing = document.steps.filter(
    (step) =>
      (tried === null || tried.has(step.id)) &&
      !step.disabled &&
      !(calls === 'last' && step.id === outermost) &&
      reachesOut(step),
  );
  return Object.fromEntries(standing.map(({ id }) => [id, jsonSchema.catch({}).parse(samples.steps[id])]));
}

/** Whether a step does more than compute: it calls, asks, waits, remembers, or runs code; a loop by what is in it. */
function reachesOut(step: Step): boolean {
  if (isContainer(step)) return [...everyStep(step)].some(reachesOut);
  return !isPure(step) && step.kind !== 'trigger' && step.kind !== 'respond' && step.kind !== 'stop';
}
