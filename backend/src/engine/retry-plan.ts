import type { RetryStep } from '@sluice/shared/api';
import { everyStep, type FlowDocument, incomingEdges, type Step, topologicalOrder } from '@sluice/shared/flow';
import { isDeepStrictEqual } from 'node:util';
import type { History, StepEntry } from './history.js';
import { partsOf } from './step-key.js';

/*
 * What a retry would do with each step of a run that has ended: take its outcome over, do it again, or do something again
 * that has happened outside. Pure, so that what a person is shown is what is done.
 */

export interface Retry {
  from: 'failed' | 'start';
  /** What the run ran, and what the retry will run. */
  before: FlowDocument;
  after: FlowDocument;
  history: Pick<History, 'entries' | 'skipped'>;
}

type Done = NonNullable<RetryStep['done']>;

/** The steps of the flow that the retry runs, in the order of its document; those inside of a loop count with it. */
export function planRetry({ from, before, after, history }: Retry): RetryStep[] {
  const kept = from === 'start' ? new Set<string>() : keptSteps({ before, after, history });
  const keysOf = Map.groupBy(history.entries.keys(), (key) => partsOf(key).step);
  return after.steps
    .filter((step) => step.kind !== 'trigger' && !step.disabled)
    .map((step): RetryStep => {
      const ids = [...everyStep({ steps: [step], edges: [] })].map(({ id }) => id);
      const entries = ids.flatMap((id) => keysOf.get(id) ?? []).map((key) => history.entries.get(key) ?? []);
      const { done, effect } = effectOf(entries);
      const plan = kept.has(step.id) ? 'kept' : againWith(done, effect);
      return { id: step.id, name: step.name ?? null, plan, done, effect };
    });
}

/** Steps whose outcome is taken over: they were settled, and neither they nor any before them are different now. */
export function keptSteps({ before, after, history }: Omit<Retry, 'from'>): Set<string> {
  const old = new Map(before.steps.map((step) => [step.id, step]));
  const incoming = incomingEdges(after);
  const oldIncoming = incomingEdges(before);
  const kept = new Set<string>();
  const byId = new Map(after.steps.map((step) => [step.id, step]));
  for (const id of topologicalOrder(after)) {
    const [now, then] = [byId.get(id), old.get(id)];
    if (now === undefined || then === undefined || !isSame(now, then)) continue;
    const edges = incoming.get(id) ?? [];
    if (!isDeepStrictEqual(edges, oldIncoming.get(id) ?? [])) continue;
    if (!edges.every((edge) => kept.has(edge.from))) continue;
    const isSettled = now.kind === 'trigger' || history.skipped.has(id) || hasSettled(history.entries.get(id) ?? []);
    if (isSettled) kept.add(id);
  }
  return kept;
}

function isSame(one: Step, other: Step): boolean {
  return isDeepStrictEqual({ ...one, name: undefined }, { ...other, name: undefined });
}

/** Whether a step ended in a way that the run went on from: by a port, or well. */
export function hasSettled(entries: readonly StepEntry[]): boolean {
  return entries.some(({ action, detail }) => {
    if (action === 'step.succeeded' || action === 'step.reused') return true;
    if (action === 'step.resolved') return detail.happened === true;
    if (action === 'step.outcome' && detail.status === 'succeeded') return true;
    const isFinal = action === 'step.failed' || action === 'step.outcome';
    return isFinal && typeof detail.port === 'string';
  });
}

function againWith(done: RetryStep['done'], effect: RetryStep['effect']): RetryStep['plan'] {
  if (done === null || done === 'no') return 'runs';
  return effect === 'unsafe' ? 'repeats' : 'safe';
}

function effectOf(all: readonly (readonly StepEntry[])[]): Pick<RetryStep, 'done' | 'effect'> {
  const effects = all.flatMap((entries) => entries.flatMap(({ detail }) => detail.effect ?? []));
  if (effects.length === 0) return { done: null, effect: null };
  const done = all.flatMap((entries) => doneBy(entries));
  return {
    effect: (['unsafe', 'checkable', 'keyed', 'natural'] as const).find((one) => effects.includes(one)) ?? null,
    done: (['yes', 'unknown'] as const).find((one) => done.includes(one)) ?? 'no',
  };
}

/** Whether the effect of each attempt of a step happened. */
function doneBy(entries: readonly StepEntry[]): Done[] {
  return entries.flatMap(({ action, attempt, detail }): Done[] => {
    if (action !== 'step.intent' || detail.effect === undefined) return [];
    const of = (name: string) => entries.find((entry) => entry.action === name && entry.attempt === attempt)?.detail;
    const resolved = of('step.resolved');
    if (resolved !== undefined) return [resolved.happened === true ? 'yes' : 'no'];
    const outcome = of('step.outcome');
    if (outcome === undefined) return ['unknown'];
    return [outcome.status === 'succeeded' ? 'yes' : outcome.uncertain === true ? 'unknown' : 'no'];
  });
}
