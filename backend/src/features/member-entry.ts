import type { NewEntry } from '../journal/records.js';
import type { Actor } from '../platform/actor.js';

/** The log's line for what a member did: what it is about, where, and metadata that holds no value and no secret. */
export function memberEntry(
  actor: Actor,
  action: string,
  about: Pick<NewEntry, 'subject' | 'environment' | 'detail'> = {},
): NewEntry {
  return {
    workspace: actor.workspace,
    actor: { kind: 'member', id: actor.member, name: actor.name },
    action,
    requestId: actor.requestId,
    ...about,
    ...(actor.token === undefined ? {} : { detail: { ...about.detail, token: actor.token.id } }),
  };
}
