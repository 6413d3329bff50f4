import { createHmac } from 'node:crypto';
import type { StateInput, StepOf } from '@sluice/shared/flow';
import type pg from 'pg';
import { openPayload, sealPayload } from '../platform/keys/payload-sealing.js';
import { jsonWithinLimit } from './run-keys.js';
import type { RunMemory, StepError } from './run-memory.js';

interface Change {
  /** Key of the step that asks. */
  by: string;
  step: StepOf<'state'>;
  input: StateInput;
}

/** What flows remember between runs: one value a key, flow and environment. */
export class StateStore {
  constructor(private readonly pool: pg.Pool) {}

  /**
   * Reads or changes a value, once for a step of a run however often it is asked: the result is kept beside the change.
   * Answers the step's output as JSON. Rejects when the database is away.
   */
  async apply(run: RunMemory, change: Change): Promise<{ json: string } | { error: StepError }> {
    const tx = await this.pool.connect();
    try {
      await tx.query('begin');
      const result = await applyWithin(tx, run, change);
      await tx.query('error' in result ? 'rollback' : 'commit');
      tx.release();
      return result;
    } catch (error) {
      tx.release(true);
      throw error;
    }
  }
}

async function applyWithin(tx: pg.PoolClient, run: RunMemory, change: Change) {
  const { keys, id } = run;
  const place = `state-write|${id}|${change.by}`;
  const before = await tx.query('select result from flow_state_write where run_id = $1 and step_key = $2', [
    id,
    change.by,
  ]);
  if (before.rows[0] !== undefined) return { json: openPayload(keys.payload, before.rows[0].result, place).toString() };
  const row = rowOf(run, change.input.key);
  // Two runs that write one key wait for each other, also while there is no row yet.
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [row.name]);
  const result = await readAndWrite(tx, row, change);
  if ('error' in result) return result;
  const json = jsonWithinLimit(result.output) ?? 'null';
  await tx.query('insert into flow_state_write (run_id, step_key, result) values ($1, $2, $3)', [
    id,
    change.by,
    sealPayload(keys.payload, Buffer.from(json), place),
  ]);
  return { json };
}

interface Row {
  run: RunMemory;
  hash: string;
  /** Of the row: what it is locked and sealed by. */
  name: string;
}

function rowOf(run: RunMemory, key: string): Row {
  const { flow, environment } = run.deployment;
  const hash = createHmac('sha256', run.keys.commitment).update(`state|${flow.id}|${key}`).digest('base64url');
  return { run, hash, name: `state|${flow.id}|${environment}|${hash}` };
}

type Result = { output: Record<string, unknown> } | { error: StepError };

async function readAndWrite(tx: pg.PoolClient, row: Row, { step, input }: Change): Promise<Result> {
  const found = await read(tx, row);
  const had = found ?? null;
  switch (step.operation) {
    case 'get':
      return { output: { found: found !== undefined, value: had } };
    case 'set':
      await write(tx, row, { value: input.value, keepSeconds: step.keepSeconds });
      return { output: { value: input.value, before: had } };
    case 'remember':
      if (found !== undefined) return { output: { first: false, value: had } };
      await write(tx, row, { value: input.value, keepSeconds: step.keepSeconds });
      return { output: { first: true, value: input.value } };
    case 'increment': {
      if (had !== null && typeof had !== 'number') return { error: notANumber };
      const value = (had ?? 0) + input.by;
      await write(tx, row, { value, keepSeconds: step.keepSeconds });
      return { output: { value } };
    }
  }
}

const notANumber: StepError = {
  code: 'state.not_a_number',
  message: "The state holds something that is no number, so it can't be increased. Use another key, or set it first.",
};

/** Undefined for nothing. */
async function read(tx: pg.PoolClient, { run, hash, name }: Row): Promise<unknown> {
  const { flow, environment } = run.deployment;
  const { rows } = await tx.query(
    `select value from flow_state where flow_id = $1 and environment = $2 and key_hash = $3
     and (expires_at is null or expires_at > clock_timestamp())`,
    [flow.id, environment, hash],
  );
  return rows[0] === undefined ? undefined : JSON.parse(openPayload(run.keys.payload, rows[0].value, name).toString());
}

async function write(
  tx: pg.PoolClient,
  { run, hash, name }: Row,
  { value, keepSeconds }: { value: unknown; keepSeconds: number | undefined },
): Promise<void> {
  const { flow, environment, workspace } = run.deployment;
  await tx.query(
    `insert into flow_state (workspace_id, flow_id, environment, key_hash, value, expires_at)
     values ($1, $2, $3, $4, $5, clock_timestamp() + make_interval(secs => $6))
     on conflict (flow_id, environment, key_hash)
     do update set value = excluded.value, expires_at = excluded.expires_at, updated_at = clock_timestamp()`,
    [
      workspace,
      flow.id,
      environment,
      hash,
      sealPayload(run.keys.payload, Buffer.from(JSON.stringify(value)), name),
      keepSeconds ?? null,
    ],
  );
}
