import type pg from 'pg';
import { placeOfFile } from '../../platform/blobs/file-place.js';
import type { Finding } from './erasure-jobs.js';

const gone = 'Erased.';

/** Takes out what one place carried; steps, times and sizes stay. Answers the blobs that nobody can open any more, null for a run that goes on. */
export async function eraseFinding(
  tx: pg.PoolClient,
  { erasure, environment, finding }: { erasure: string; environment: string; finding: Finding },
): Promise<string[] | null> {
  const { kind, id, flow } = finding;
  const blobs = kind === 'run' ? await eraseRun(tx, id) : [];
  if (kind === 'delivery') await eraseDelivery(tx, id);
  if (kind === 'state')
    await tx.query('delete from flow_state where flow_id = $1 and environment = $2 and key_hash = $3', [
      flow,
      environment,
      id,
    ]);
  await tx.query(
    `update erasure_finding set ${blobs === null ? 'is_open = true' : 'erased_at = now(), is_open = false'}
     where erasure_id = $1 and kind = $2 and subject = $3`,
    [erasure, kind, id],
  );
  return blobs;
}

/** Null while it goes on: whoever carries it would write more. */
async function eraseRun(tx: pg.PoolClient, id: string): Promise<string[] | null> {
  const { rows } = await tx.query<{ ended_at: Date | null; keep_days: number; event_id: string | null }>(
    'select ended_at, keep_days, event_id from run where id = $1 for update',
    [id],
  );
  const [run] = rows;
  // Retention was first.
  if (run === undefined) return [];
  if (run.ended_at === null) return null;
  const { rows: dropped } = await tx.query<{ kind: string; step_id: string; blob: string | null }>(
    'delete from payload where run_id = $1 returning kind, step_id, blob',
    [id],
  );
  await tx.query('delete from ask where run_id = $1', [id]);
  await tx.query('delete from flow_state_write where run_id = $1', [id]);
  // Without its key no copy of its values can be opened, and none can be found out by what the log tells of them.
  await tx.query(
    `update run set payload_key = '', key = null, erased_at = now(),
       error = case when error is null then null else jsonb_set(error, '{message}', to_jsonb($2::text)) end,
       closed_reason = case when closed_reason is null then null else $2 end
     where id = $1`,
    [id, gone],
  );
  if (run.event_id !== null) await tx.query(`${deliveryGone} where id = $1 and run_id = $2`, [run.event_id, id]);
  return dropped.flatMap(({ kind, step_id: file, blob }) => [
    ...(blob === null ? [] : [blob]),
    ...(kind === 'file' ? [placeOfFile(file, run.keep_days).blob] : []),
  ]);
}

/** What a repeat is known by stays elsewhere (event_key), and is swept after 30 days. */
const deliveryGone = `update trigger_event set erased_at = now(), body_sealed = null, message_id = null, dedupe_key = null, address = null,
  reason_message = case when reason_message is null then null else '${gone}' end`;

async function eraseDelivery(tx: pg.PoolClient, id: string): Promise<void> {
  await tx.query(`${deliveryGone} where id = $1`, [id]);
}
