import type { AuditBlock } from '@sluice/shared/audit';
import { type ArrayType, type Cell, encodeArray } from './binary-array.js';
import type { SealedEntry } from './chain.js';
import type {
  Fence,
  JournalRecord,
  NewAnswer,
  NewAsk,
  NewEvent,
  NewPayload,
  NewRun,
  PollUpdate,
  RunUpdate,
} from './records.js';

/*
 * A flush is one prepared statement: one round trip, planned once. Everything in it is stored or nothing is. The rows of
 * each kind travel as one array a column. The block's root is fixed before, so a row that may not be stored aborts the
 * statement (a unique violation, or `journal_refuse`) instead of being left out of it.
 */

type Column<Row> = readonly [name: string, type: ArrayType, of: (row: Row) => Cell];

const eventColumns: readonly Column<NewEvent>[] = [
  ['id', 'text', (event) => event.id],
  ['workspace_id', 'text', (event) => event.workspace],
  ['flow_id', 'text', (event) => event.flow],
  ['environment', 'text', (event) => event.environment],
  ['endpoint_id', 'text', (event) => event.endpoint],
  ['scheme', 'text', (event) => event.scheme],
  ['status', 'text', (event) => event.status],
  ['reason_code', 'text', (event) => event.reason?.code ?? null],
  ['reason_message', 'text', (event) => event.reason?.message ?? null],
  ['message_id', 'text', (event) => event.messageId],
  ['dedupe_key', 'text', (event) => event.dedupeKey],
  ['first_id', 'text', (event) => event.firstId],
  ['run_id', 'text', (event) => event.run],
  ['address', 'text', (event) => event.address],
  ['bytes', 'int4', (event) => event.bytes],
  ['checks', 'text', (event) => JSON.stringify(event.checks)],
  ['received_at', 'float8', (event) => event.receivedAt],
  ['keep_days', 'int4', (event) => event.keepDays],
];

const runColumns: readonly Column<NewRun>[] = [
  ['id', 'text', (run) => run.id],
  ['workspace_id', 'text', (run) => run.workspace],
  ['flow_id', 'text', (run) => run.flow],
  ['version', 'int4', (run) => run.version],
  ['environment', 'text', (run) => run.environment],
  ['deployment_id', 'text', (run) => run.deployment],
  ['event_id', 'text', (run) => run.event],
  ['started_by', 'text', (run) => run.startedBy],
  ['status', 'text', (run) => run.status],
  ['owner', 'text', (run) => run.owner],
  ['payload_key', 'text', (run) => run.payloadKey],
  ['error', 'text', (run) => (run.error === null ? null : JSON.stringify(run.error))],
  ['started_at', 'float8', (run) => run.startedAt],
  ['ended_at', 'float8', (run) => run.endedAt],
  ['due_at', 'float8', (run) => run.dueAt],
  ['parent_run', 'text', (run) => run.parent?.run ?? null],
  ['parent_step', 'text', (run) => run.parent?.step ?? null],
  ['parent_waits', 'bool', (run) => run.parent?.waits ?? false],
  ['depth', 'int4', (run) => run.depth],
  ['retry_of', 'text', (run) => run.retryOf],
  ['key', 'text', (run) => run.key],
  ['in_line', 'bool', (run) => run.inLine],
  ['origin', 'text', (run) => run.origin],
  ['keep_days', 'int4', (run) => run.keepDays],
];

const payloadColumns: readonly Column<NewPayload>[] = [
  ['run_id', 'text', (payload) => payload.run],
  ['step_id', 'text', (payload) => payload.step],
  ['attempt', 'int4', (payload) => payload.attempt],
  ['kind', 'text', (payload) => payload.kind],
  ['sealed', 'bytea', (payload) => (payload.blob === undefined ? payload.sealed : null)],
  ['blob', 'text', (payload) => payload.blob ?? null],
  ['created_at', 'float8', (payload) => payload.at],
  ['keep_days', 'int4', (payload) => payload.keepDays],
];

const fenceColumns: readonly Column<Fence>[] = [
  ['run_id', 'text', (fence) => fence.run],
  ['owner', 'text', (fence) => fence.owner],
  ['epoch', 'int4', (fence) => fence.epoch],
];

const updateColumns: readonly Column<RunUpdate>[] = [
  ...fenceColumns,
  ['status', 'text', (update) => update.status],
  ['error', 'text', (update) => (update.error === null ? null : JSON.stringify(update.error))],
  ['ended_at', 'float8', (update) => update.endedAt],
  ['due_at', 'float8', (update) => update.dueAt],
];

const askColumns: readonly Column<NewAsk>[] = [
  ['run_id', 'text', (ask) => ask.run],
  ['step_key', 'text', (ask) => ask.step],
  ['kind', 'text', (ask) => ask.kind],
  ['workspace_id', 'text', (ask) => ask.workspace],
  ['environment', 'text', (ask) => ask.environment],
  ['flow_id', 'text', (ask) => ask.flow],
  ['deciders', 'text', (ask) => ask.deciders.join(',')],
  ['question', 'bytea', (ask) => ask.question],
  ['child_run', 'text', (ask) => ask.child],
  ['asked_at', 'float8', (ask) => ask.askedAt],
  ['until', 'float8', (ask) => ask.until],
];

const answerColumns: readonly Column<NewAnswer>[] = [
  ['run_id', 'text', (answer) => answer.run],
  ['step_key', 'text', (answer) => answer.step],
  ['answer', 'bytea', (answer) => answer.answer],
  ['at', 'float8', (answer) => answer.at],
];

const pollColumns: readonly Column<PollUpdate>[] = [
  ['id', 'text', (poll) => poll.id],
  ['turn', 'int4', (poll) => poll.turn],
  ['cursor', 'text', (poll) => poll.cursor],
  ['looked_at', 'float8', (poll) => poll.lookedAt],
  ['due_at', 'float8', (poll) => poll.dueAt],
  ['trouble', 'text', (poll) => (poll.trouble === null ? null : JSON.stringify(poll.trouble))],
];

const entryColumns: readonly Column<SealedEntry>[] = [
  ['id', 'text', (entry) => entry.id],
  ['workspace_id', 'text', (entry) => entry.workspace],
  ['at', 'float8', (entry) => entry.at],
  ['actor', 'text', (entry) => entry.actor],
  ['action', 'text', (entry) => entry.action],
  ['subject', 'text', (entry) => entry.subject],
  ['environment', 'text', (entry) => entry.environment],
  ['run_id', 'text', (entry) => entry.run],
  ['step_id', 'text', (entry) => entry.step],
  ['attempt', 'int4', (entry) => entry.attempt],
  ['body', 'text', (entry) => entry.body],
];

const times = new Set(['at', 'received_at', 'started_at', 'ended_at', 'due_at', 'created_at', 'asked_at', 'until']);
const documents = new Set(['checks', 'error']);

/** Collects parameters while the text is written. */
class Parameters {
  count = 0;

  rows<Row>(columns: readonly Column<Row>[]): string {
    const arrays = columns.map(([, type]) => `$${++this.count}::${type}[]`);
    return `unnest(${arrays.join(', ')})`;
  }

  scalar(type: string): string {
    return `$${++this.count}::${type}`;
  }
}

function names<Row>(columns: readonly Column<Row>[]): string {
  return columns.map(([name]) => name).join(', ');
}

function selected<Row>(columns: readonly Column<Row>[]): string {
  return columns
    .map(([name, type]) => {
      if (type === 'float8' && times.has(name)) return `to_timestamp(x.${name} / 1000)`;
      // By the database's clock: those of the processes may be seconds apart, and senders may talk to any of them.
      if (name === 'in_line')
        return `case when x.in_line then (extract(epoch from clock_timestamp()) * 1e6)::bigint end`;
      return documents.has(name) ? `x.${name}::jsonb` : `x.${name}`;
    })
    .join(', ');
}

function insertRows<Row>(table: string, columns: readonly Column<Row>[], parameters: Parameters): string {
  const rows = parameters.rows(columns);
  return `insert into ${table} (${names(columns)}) select ${selected(columns)} from ${rows} as x (${names(columns)})`;
}

/** Block and entries: in a flush of the journal, and alone on the administrative side. */
function chainParts(parameters: Parameters): string {
  const [lane, n, prev, root, count, hash, at] = ['text', 'bigint', 'text', 'text', 'int', 'text', 'float8'].map(
    (type) => parameters.scalar(type),
  );
  const entries = parameters.rows(entryColumns);
  return `
block as (insert into audit_block (lane, n, prev, root, count, hash, at)
  select ${lane}, ${n}, ${prev}, ${root}, ${count}, ${hash}, to_timestamp(${at} / 1000) where ${count} > 0),
entry as (insert into audit_entry (lane, block, pos, stored_at, ${names(entryColumns)})
  select ${lane}, ${n}, x.pos - 1, to_timestamp(${at} / 1000), ${selected(entryColumns)}
  from ${entries} with ordinality as x (${names(entryColumns)}, pos))`;
}

function flushText(): string {
  const parameters = new Parameters();
  const fences = parameters.rows(fenceColumns);
  const updates = parameters.rows(updateColumns);
  // Fixed before the plan begins, so that only the days between are opened.
  const near = `r.id between ${parameters.scalar('text')} and ${parameters.scalar('text')}`;
  return `with
stale as (select f.run_id from ${fences} as f (${names(fenceColumns)})
  where not exists (select from run r where r.id = f.run_id and r.owner = f.owner and r.epoch = f.epoch and ${near})),
given as materialized (select * from ${updates} as x (${names(updateColumns)})),
updated as (update run r set owner = null, status = x.status, error = x.error::jsonb,
    ended_at = to_timestamp(x.ended_at / 1000), due_at = to_timestamp(x.due_at / 1000)
  from given x where r.id = x.run_id and r.owner = x.owner and r.epoch = x.epoch and ${near} returning r.id),
arrived as materialized (select * from ${parameters.rows(eventColumns)} as x (${names(eventColumns)})),
event as (insert into trigger_event (${names(eventColumns)}) select ${selected(eventColumns)} from arrived x),
key as (insert into event_key (endpoint_id, dedupe_key, event_id, run_id, kept_until)
  select endpoint_id, dedupe_key, id, run_id, to_timestamp(received_at / 1000) + interval '30 days'
  from arrived where (status = 'accepted' or (status = 'refused' and scheme = 'poll')) and dedupe_key is not null),
new_run as (${insertRows('run', runColumns, parameters)}),
new_payload as (${insertRows('payload', payloadColumns, parameters)}),
-- A callback may be answered before its step is reached.
asked as (${insertRows('ask', askColumns, parameters)}
  on conflict (run_id, step_key) do update set asked_at = excluded.asked_at, until = excluded.until),
answered as (update ask a set answered_at = to_timestamp(x.at / 1000), answer = x.answer
  from ${parameters.rows(answerColumns)} as x (${names(answerColumns)})
  where a.run_id = x.run_id and a.step_key = x.step_key and a.answered_at is null),
polled as (update poll p set cursor = coalesce(x.cursor, p.cursor), trouble = x.trouble::jsonb, busy_until = null,
    looked_at = coalesce(to_timestamp(x.looked_at / 1000), p.looked_at), due_at = to_timestamp(x.due_at / 1000)
  from ${parameters.rows(pollColumns)} as x (${names(pollColumns)}) where p.id = x.id and p.turn = x.turn),
${chainParts(parameters)}
select journal_refuse(array(select run_id from stale union all select run_id from given where run_id not in (select id from updated)))`;
}

const flushSql = flushText();
const chainSql = `with ${chainParts(new Parameters())} select 1`;

/** The chain's part of a flush: a block and its entries, or neither. */
export interface ChainPart {
  block: AuditBlock | null;
  at: number;
  entries: readonly SealedEntry[];
}

export function flushQuery(
  records: readonly JournalRecord[],
  chain: ChainPart,
): { name: string; text: string; values: unknown[] } {
  const fences = pick(records, (record) => record.fence);
  const updates = pick(records, (record) => record.update);
  const runs = [...fences, ...updates].map(({ run }) => run).sort();
  const values = [
    ...encode(fenceColumns, fences),
    ...encode(updateColumns, updates),
    runs[0] ?? '',
    runs.at(-1) ?? '',
    ...encode(
      eventColumns,
      pick(records, (record) => record.event),
    ),
    ...encode(
      runColumns,
      records.flatMap(({ run, children = [] }) => (run === undefined ? children : [run, ...children])),
    ),
    ...encode(
      payloadColumns,
      records.flatMap((record) => record.payloads ?? []),
    ),
    ...encode(
      askColumns,
      records.flatMap((record) => record.asks ?? []),
    ),
    ...encode(
      answerColumns,
      records.flatMap((record) => record.answers ?? []),
    ),
    ...encode(
      pollColumns,
      pick(records, (record) => record.poll),
    ),
    ...chainValues(chain),
  ];
  return { name: 'journal_flush', text: flushSql, values };
}

/** The same for a block of its own inside somebody's transaction. */
export function chainQuery(chain: ChainPart): { text: string; values: unknown[] } {
  return { text: chainSql, values: chainValues(chain) };
}

function chainValues({ block, at, entries }: ChainPart): unknown[] {
  const { lane, n, prev, root, count, hash } = block ?? { lane: '', n: 0, prev: '', root: '', count: 0, hash: '' };
  return [lane, n, prev, root, count, hash, at, ...encode(entryColumns, entries)];
}

function encode<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Buffer[] {
  return columns.map(([, type, of]) => encodeArray(type, rows, of));
}

function pick<Value>(records: readonly JournalRecord[], of: (record: JournalRecord) => Value | undefined): Value[] {
  return records.map(of).filter((value) => value !== undefined);
}
