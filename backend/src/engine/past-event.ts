import type { Keyring } from '../platform/keys/keyring.js';
import { Problem } from '../platform/problem.js';
import { openPayloads } from './open-payloads.js';
import { openRunKey } from './run-keys.js';
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
  const { values } = openPayloads(run.id, { key: openRunKey({ payload }, run).key, stored: [run.first] });
  return { flow, environment, trigger: values.find(({ kind }) => kind === 'event')?.value };
}
