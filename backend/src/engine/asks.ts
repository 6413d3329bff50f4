import type { Question, Settlement, StepOf } from '@sluice/shared/flow';
import { z } from 'zod';
import type { NewAsk } from '../journal/records.js';
import { openAskText, sealAskText } from './ask-sealing.js';
import type { Draft } from './draft.js';
import { addTask, keyOf } from './level.js';
import type { RunMemory, StepError, Task } from './run-memory.js';

/*
 * Steps that wait for an answer from outside of the run: of a person, of a service at a one-time address, of a run that
 * they began. The question is stored with the entry that asks it; the answer lies beside it until the run takes it.
 */

type Place = Pick<Task, 'level' | 'planned'>;

export function draftApproval(
  run: RunMemory,
  draft: Draft,
  { level, planned, question }: Place & { question: Question },
): void {
  const { timeoutSeconds, deciders } = stepOf(planned.step, 'approval');
  const until = draft.at + timeoutSeconds * 1000;
  draft.tell('approval.asked', { step: keyOf(level, planned.id), roles: deciders });
  ask(run, draft, { level, planned, kind: 'approval', until, deciders, question: JSON.stringify(question) });
}

export function draftCallback(run: RunMemory, draft: Draft, place: Place): void {
  const { timeoutSeconds } = stepOf(place.planned.step, 'callback');
  ask(run, draft, { ...place, kind: 'callback', until: draft.at + timeoutSeconds * 1000 });
}

interface Asked {
  kind: NewAsk['kind'];
  /** Milliseconds since 1970; null for as long as it takes. */
  until: number | null;
  deciders?: readonly string[];
  question?: string;
  /** The run that it began. */
  child?: string | null;
}

/** Writes that a step waits for an answer, and makes it a task that does. */
export function ask(
  run: RunMemory,
  draft: Draft,
  { level, planned, kind, until, deciders = [], question, child = null }: Place & Asked,
): void {
  const key = keyOf(level, planned.id);
  addTask(run, { level, planned, progress: { kind: 'asked', of: kind, until } });
  const detail = { for: kind, until: until === null ? null : new Date(until).toISOString(), child };
  draft.step('step.waiting', { level, id: planned.id }, { detail });
  const { workspace, environment, flow } = run.deployment;
  draft.asks.push({
    run: run.id,
    step: key,
    kind,
    workspace,
    environment,
    flow: flow.id,
    deciders,
    question:
      question === undefined ? null : sealAskText(run.keys, question, { run: run.id, step: key, of: 'question' }),
    child,
    askedAt: draft.at,
    until,
  });
}

const decisionSchema = z.object({
  decision: z.enum(['approved', 'refused']),
  by: z.object({ id: z.string(), name: z.string() }).nullable(),
  note: z.string().nullable(),
  at: z.string(),
});
const callbackSchema = z.object({ body: z.unknown(), receivedAt: z.string() });
const childSchema = z.object({
  run: z.string(),
  status: z.enum(['succeeded', 'failed', 'cancelled']),
  body: z.unknown().optional(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type DecisionAnswer = z.output<typeof decisionSchema>;
export type ChildAnswer = z.output<typeof childSchema>;

/** How an asked step is settled: what it gives, or why it failed. */
export type Settled = { settlement: Settlement } | { error: StepError };

/** Reads an answer as it was stored. Throws SealBroken. */
export function settledByAnswer(run: RunMemory, task: Task, sealed: Buffer): Settled {
  const text = openAskText(run.keys, sealed, { run: run.id, step: task.key, of: 'answer' });
  const answer: unknown = JSON.parse(text);
  switch (task.planned.step.kind) {
    case 'approval':
      return decided(decisionSchema.parse(answer));
    case 'callback':
      return gives(callbackSchema.parse(answer));
    default:
      return childEnded(childSchema.parse(answer));
  }
}

/** What stands when the time for an answer is over. */
export function settledByTime({ planned: { step } }: Task, at: number): Settled {
  if (step.kind === 'callback')
    return { error: { code: 'callback.timeout', message: 'Nobody answered at the callback address in time.' } };
  if (step.kind !== 'approval')
    return { error: { code: 'subflow.timeout', message: 'The flow that this step began did not end in time.' } };
  if (step.onTimeout === 'fail')
    return { error: { code: 'approval.timeout', message: 'Nobody decided in time, and the step fails then.' } };
  const decision = step.onTimeout === 'approve' ? 'approved' : 'refused';
  return decided({ decision, by: null, note: null, at: new Date(at).toISOString() });
}

function decided(answer: DecisionAnswer): Settled {
  return { settlement: { status: 'succeeded', port: answer.decision, output: answer } };
}

function childEnded({ run, status, body, error }: ChildAnswer): Settled {
  if (status === 'succeeded') return gives({ run, status, body: body ?? null });
  const why = error === null ? `The run ${run} was ${status}.` : `The run ${run} failed: ${error.message}`;
  return { error: { code: 'subflow.failed', message: why } };
}

function gives(output: Record<string, unknown>): Settled {
  return { settlement: { status: 'succeeded', port: 'next', output } };
}

function stepOf<Kind extends 'approval' | 'callback'>(step: Task['planned']['step'], kind: Kind): StepOf<Kind> {
  if (!isOfKind(step, kind)) throw new Error(`The step ${step.id} is no ${kind}.`);
  return step;
}

function isOfKind<Kind extends 'approval' | 'callback'>(
  step: Task['planned']['step'],
  kind: Kind,
): step is StepOf<Kind> {
  return step.kind === kind;
}
