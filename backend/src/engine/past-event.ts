import type { Keyring } from '../platform/keys/keyring.js';
import { Problem } from '../platform/problem.js';
import { openJson, openRunKey } from './run-keys.js';
import type { RunStore } from './store/run-store.js';

/** What an accepted delivery brought. Throws `event.unknown`, and `event.not_replayable` for one that started nothing. */
export async function findEvent(
  { store, keyring }: { store: RunStore; keyring: Keyring },
  { workspace, eventId }: { workspace: string; eventId: string },
): Promise<{ flow: string; environment: string; trigger: unknown }> {
  const event = await store.findEvent({ workspace, eventId });
  if (event === null) throw new Problem('event.unknown');
  const { flow, environment, status, run } = event;
  if (status !== 'accepted' || run === null) throw new Problem('event.not_replayable');
  const payload = await keyring.keysFor({ workspace, environment, purpose: 'payload' }, run.payloadKey);
  const place = { run: run.id, step: run.step, attempt: 0, kind: 'event' } as const;
  return { flow, environment, trigger: openJson(openRunKey({ payload }, run), run.sealed, place) };
}
