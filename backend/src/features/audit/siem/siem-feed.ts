import { auditEntryBodySchema } from '@sluice/shared/audit';
import type pg from 'pg';
import type { CheckpointEvent } from './checkpoint-event.js';
import type { LogEvent } from './log-event.js';

/** Blocks of the tree at a time, at most. */
const leavesAtATime = 100;

interface Row {
  leaf: string;
  lane: string;
  block: string;
  pos: number;
  body: string;
}

/**
 * The entries after a receiver's cursor, in the order of the tree: of whole blocks, and no more blocks than `bytes` of
 * entries, but one. Null when there are none.
 */
export async function readFeed(
  client: pg.ClientBase,
  { sink, bytes }: { sink: string; bytes: number },
): Promise<{ events: LogEvent[]; next: number } | null> {
  const { rows: leaves } = await client.query<{ index: string; lane: string; n: string; at: Date }>(
    `select * from (
       select l.*, sum(e.bytes) over (order by l.index) as bytes, row_number() over (order by l.index) as place
       from (select index, lane, n, at from audit_leaf
         where index >= coalesce((select next from siem_cursor where sink = $1), 0) order by index limit ${leavesAtATime}) l
       cross join lateral (select coalesce(sum(octet_length(body)), 0) as bytes from audit_entry
         where lane = l.lane and block = l.n and stored_at = l.at) e) x
     where place = 1 or bytes <= $2 order by index`,
    [sink, bytes],
  );
  const last = leaves.at(-1);
  if (last === undefined) return null;
  const times = leaves.map(({ at }) => at.getTime());
  const { rows } = await client.query<Row>(
    `select l.index as leaf, e.lane, e.block, e.pos, e.body
     from unnest($1::bigint[], $2::text[], $3::bigint[]) l (index, lane, n)
     join audit_entry e on e.lane = l.lane and e.block = l.n and e.stored_at between $4 and $5
     order by l.index, e.pos`,
    [
      leaves.map(({ index }) => index),
      leaves.map(({ lane }) => lane),
      leaves.map(({ n }) => n),
      new Date(Math.min(...times)),
      new Date(Math.max(...times)),
    ],
  );
  return { events: rows.map(toEvent), next: Number(last.index) + 1 };
}

/** The newest checkpoint over no more than `next` blocks that the receiver was not told of yet. */
export async function readCheckpoint(
  client: pg.ClientBase,
  { sink, next }: { sink: string; next: number },
): Promise<CheckpointEvent | null> {
  const { rows } = await client.query<{ size: string; at: Date; note: string }>(
    `select size, at, note from audit_checkpoint where size <= $2
       and size > coalesce((select checkpoint from siem_cursor where sink = $1), 0) order by size desc limit 1`,
    [sink, next],
  );
  const [row] = rows;
  return row === undefined ? null : { ...row, size: Number(row.size) };
}

function toEvent({ leaf, lane, block, pos, body }: Row): LogEvent {
  const entry = auditEntryBodySchema.parse(JSON.parse(body));
  return { entry, leaf: Number(leaf), lane, block: Number(block), position: pos };
}
