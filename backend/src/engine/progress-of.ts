import type { Draft } from './draft.js';
import { crashed, type StepEntry } from './history.js';
import { keyOf, type Level } from './level.js';
import { isHold } from './pause-policy.js';
import type { Progress } from './run-memory.js';

const mostCrashes = 10;

/** Where the attempts of a step stand; null when there was none. */
export function progressOf(
  { level, id, entries }: { level: Level; id: string; entries: readonly StepEntry[] },
  draft: Draft,
): Progress | typeof crashed | null {
  const intents = entries.filter(({ action }) => action === 'step.intent');
  const last = intents.reduce((most, { attempt }) => Math.max(most, attempt ?? 0), 0);
  if (last === 0) return null;
  const of = (action: string) => entries.filter((entry) => entry.action === action);
  const outcomes = of('step.outcome');
  const failures = outcomes.filter(({ detail }) => detail.paused !== true).length;
  const check = outcomes.some(({ detail }) => detail.uncertain === true) || intents.length > outcomes.length;
  const outcome = outcomes.find(({ attempt }) => attempt === last);
  if (outcome?.detail.retryAt !== undefined) {
    const until = Date.parse(outcome.detail.retryAt);
    const held = outcome.detail.paused === true && isHold(outcome.detail.error ?? { code: '' });
    return { kind: 'waiting', until, then: 'retry', ...(held ? { held } : {}), attempt: last + 1, failures, check };
  }
  // Resolved as "it didn't happen": the next attempt.
  if (of('step.resolved').some(({ attempt }) => attempt === last))
    return { kind: 'due', attempt: last + 1, failures, check: false };
  if (of('step.in_doubt').some(({ attempt }) => attempt === last)) return { kind: 'in-doubt', attempt: last };
  const effect = intents.find(({ attempt }) => attempt === last)?.detail.effect;
  if (effect === 'unsafe') {
    // The process ended between intent and outcome: nobody knows.
    const detail = { status: 'in_doubt', error: { code: 'process.lost' } };
    draft.step('step.in_doubt', { level, id }, { attempt: last, detail });
    draft.tell('step.in_doubt', { step: keyOf(level, id) });
    return { kind: 'in-doubt', attempt: last };
  }
  if (last - outcomes.length > mostCrashes) return crashed;
  return { kind: 'due', attempt: last + 1, failures, check: true };
}
