import { isFinished } from '@sluice/shared/flow';
import type { JournalRecord, NewJob, NewRun, RunUpdate } from '../journal/records.js';
import { type Along, alongOf } from './along.js';
import { beginErrorRun } from './children.js';
import { sealAskText } from './ask-sealing.js';
import { isTrial } from './deployments.js';
import type { Draft } from './draft.js';
import { plainText } from './plain-text.js';
import { jsonWithinLimit } from './run-keys.js';
import { type Ending, nextDue, type RunMemory } from './run-memory.js';

/** The row of a run that begins; where it stands after its first turn is filled in. */
export type FirstRow = Omit<NewRun, 'status' | 'owner' | 'error' | 'endedAt' | 'dueAt'>;

export interface First extends Along {
  row: FirstRow;
}

/** How a run leaves this process. */
export type Rest = Pick<RunUpdate, 'status' | 'error' | 'endedAt' | 'dueAt'> & { job?: NewJob };

/** Where a run with nothing under way comes to rest: it ends, or parks until something is due, answered or decided. */
export function restOf(run: RunMemory, draft: Draft): Rest {
  const kinds = new Set([...run.tasks.values()].map(({ progress }) => progress.kind));
  const finished = isFinished(run.root.plan, run.root.state) ? ({ status: 'succeeded', error: null } as const) : null;
  const ending = run.ending ?? finished;
  // What may have happened outside is asked before a run is called done or failed.
  if (ending !== null && (ending.status === 'cancelled' || !kinds.has('in-doubt'))) return end(run, ending, draft);
  // It ends as soon as the doubt is settled: nothing else is begun, so it is woken for nothing else.
  const isEnding = ending !== null;
  const isDue = kinds.has('due') || run.backlog.length > 0;
  const due = isEnding ? null : isDue ? draft.at : nextDue(run);
  const status = !isEnding && isDue ? 'running' : kinds.has('in-doubt') ? 'in_doubt' : 'waiting';
  if (due === null && status === 'waiting' && !kinds.has('asked'))
    throw new Error(`Run ${run.id} has nothing to wait for.`);
  draft.entry('run.parked', { detail: { status, until: due === null ? null : new Date(due).toISOString() } });
  const job =
    due === null
      ? {}
      : {
          job: {
            run: run.id,
            workspace: run.deployment.workspace,
            after: status === 'running' ? null : due,
            held: isHeld(run),
          },
        };
  return { status, error: null, endedAt: null, dueAt: due, ...job };
}

function isHeld({ tasks }: RunMemory): boolean {
  return [...tasks.values()].some(({ progress }) => progress.kind === 'waiting' && progress.held === true);
}

function end(run: RunMemory, { status, error }: Ending, draft: Draft): Rest {
  draft.entry('run.finished', {
    detail: { status, ...(error === null ? {} : { error: { code: error.code, step: error.step } }) },
  });
  // A message may hold what came from outside; a column takes less than JSON does.
  const told = error === null ? null : { ...error, message: plainText(error.message) };
  if (run.parent?.waits) answerParent(run, draft, { status, error: told });
  if (status === 'failed' && tellsOwner(run)) draft.tell('run.failed');
  if (status === 'failed' && told !== null) beginErrorRun(run, draft, told);
  return { status, error: told, endedAt: draft.at, dueAt: null };
}

function tellsOwner({ deployment }: RunMemory): boolean {
  return !isTrial(deployment) && deployment.document.settings.onFailure?.notify.includes('owner') === true;
}

/** The run that began this one goes on in the same commit as this one ends. */
function answerParent(
  { parent, keys, id, reply, deployment }: RunMemory,
  draft: Draft,
  { status, error }: Ending,
): void {
  if (parent === null) return;
  const body = reply === null || reply.body === undefined ? {} : { body: reply.body };
  const failure = error === null ? null : { code: error.code, message: error.message };
  const json =
    jsonWithinLimit({ run: id, status, ...body, error: failure }) ??
    JSON.stringify({ run: id, status, body: null, error: failure });
  const place = { run: parent.run, step: parent.step };
  draft.answers.push({ ...place, answer: sealAskText(keys, json, { ...place, of: 'answer' }), at: draft.at });
  draft.jobs.push({ run: parent.run, workspace: deployment.workspace, after: null });
}

/** A turn as one record; the first one brings the run itself. */
export function recordOf(
  run: RunMemory,
  { draft, rest, first }: { draft: Draft; rest: Rest | null; first: First | null },
): JournalRecord {
  const { entries, payloads, children, asks, answers, causes } = draft;
  const { id, owner, epoch } = run;
  const { job, ...state } = rest ?? { status: 'running' as const, error: null, endedAt: null, dueAt: null };
  const jobs = job === undefined ? draft.jobs : [...draft.jobs, job];
  const told = causes.length === 0 ? {} : { causes };
  const replayed = run.startedBy === 'replay' && state.status === 'succeeded' ? { replayed: id } : {};
  const written = { entries, payloads, children, asks, answers, jobs, ...told, ...replayed };
  if (first !== null) {
    const row: NewRun = { ...first.row, ...state, owner: rest === null ? owner : null };
    return { ...written, run: row, ...alongOf(first) };
  }
  const fence = { run: id, owner, epoch };
  return rest === null ? { ...written, fence } : { ...written, update: { ...fence, ...state } };
}

/** Whether a run in this status is over. */
export function isEnd(status: Rest['status']): status is Ending['status'] {
  return status === 'succeeded' || status === 'failed' || status === 'cancelled';
}
