import type pg from 'pg';
import type { Journal } from '../journal/journal.js';
import type { Keyring } from '../platform/keys/keyring.js';
import { Problem } from '../platform/problem.js';
import { openJson, openRunKey } from './run-keys.js';

/** What an accepted delivery brought. Throws `event.unknown`, and `event.not_replayable` for one that started nothing. */
export async function findEvent(
  { pool, keyring, journal }: { pool: pg.Pool; keyring: Keyring; journal: Journal },
  { workspace, eventId }: { workspace: string; eventId: string },
): Promise<{ flow: string; environment: string; trigger: unknown }> {
  const { rows } = await pool.query(
    `select e.flow_id, e.environment, e.status, e.run_id, r.payload_key, p.step_id, p.sealed, p.blob
     from trigger_event e left join run r on r.id = e.run_id
     left join payload p on p.run_id = e.run_id and p.kind = 'event'
     where e.id = $1 and e.workspace_id = $2`,
    [eventId, workspace],
  );
  const [row] = rows;
  if (row === undefined) throw new Problem('event.unknown');
  if (row.status !== 'accepted' || row.step_id === null) throw new Problem('event.not_replayable');
  const payload = await keyring.key(workspace, row.environment, 'payload');
  const key = openRunKey({ payload }, { id: row.run_id, payloadKey: row.payload_key });
  const trigger = openJson(key, await journal.readPayload(row), {
    run: row.run_id,
    step: row.step_id,
    attempt: 0,
    kind: 'event',
  });
  return { flow: row.flow_id, environment: row.environment, trigger };
}
