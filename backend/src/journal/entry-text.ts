import { canonicalJson, canonicalText } from '@sluice/shared/audit';
import type { NewEntry } from './records.js';

/** What stands for "no workspace" in an entry's text: before sign-in, and what concerns the whole house. */
const house = 'house';

/**
 * The canonical JSON of an entry, its members written in their order instead of being sorted: a quarter of the time.
 * `at` is an ISO 8601 time.
 */
export function entryText(entry: Omit<NewEntry, 'at'>, { id, at }: { id: string; at: string }): string {
  const { action, actor, attempt, detail, environment, pass, requestId, run, step, subject, workspace, ...none } =
    entry;
  // What is not written here would not be in the log: a new member of an entry doesn't compile until it is.
  none satisfies Record<string, never>;
  let text = `{"action":${canonicalText(action)},"actor":{"id":${canonicalText(actor.id)},"kind":"${actor.kind}"`;
  if (actor.name !== undefined) text += `,"name":${canonicalText(actor.name)}`;
  text += `},"at":"${at}"`;
  if (attempt !== undefined) text += `,"attempt":${canonicalJson(attempt)}`;
  if (detail !== undefined) text += `,"detail":${canonicalJson(detail)}`;
  if (environment !== undefined) text += `,"environment":${canonicalText(environment)}`;
  text += `,"id":"${id}"`;
  if (pass !== undefined) text += `,"pass":${canonicalText(pass)}`;
  if (requestId !== undefined) text += `,"requestId":${canonicalText(requestId)}`;
  if (run !== undefined) text += `,"run":${canonicalText(run)}`;
  if (step !== undefined) text += `,"step":${canonicalText(step)}`;
  if (subject !== undefined)
    text += `,"subject":{"id":${canonicalText(subject.id)},"kind":${canonicalText(subject.kind)}}`;
  return `${text},"workspace":${canonicalText(workspace ?? house)}}`;
}
