import type { Json } from '@sluice/shared/lib';

/*
 * Steps that were done at once, one right after the other, as one entry: `{ done: [{ step, kind, port }, ...] }`.
 * A chain of fifty steps that only compute is one line of the log, which says of each what it was and how it ended.
 */

export type DoneStep = { step: string; kind: string; port: string | null };

interface Entry {
  step?: string | undefined;
  detail?: Readonly<Record<string, unknown>> | undefined;
}

/** The entry as one for each step that it tells of; itself when it tells of one. */
export function eachDone<Body extends Entry>(entry: Body): Body[] {
  const done = entry.detail?.['done'];
  if (entry.step !== undefined || !Array.isArray(done)) return [entry];
  return done.filter(isDone).map(({ step, kind, port }) => ({ ...entry, step, detail: { kind, port } }));
}

function isDone(value: Json): value is DoneStep {
  return typeof value === 'object' && value !== null && 'step' in value && typeof value['step'] === 'string';
}
