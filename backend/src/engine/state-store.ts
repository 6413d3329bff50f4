import { createHmac } from 'node:crypto';
import type { StateInput, StepOf } from '@sluice/shared/flow';
import { openBytes, sealBytes } from '../platform/keys/sealing.js';
import { jsonWithinLimit } from './run-keys.js';
import type { RunMemory, StepError } from './run-memory.js';
import type { RunStore } from './store/run-store.js';
import type { RunTransaction } from './store/run-transaction.js';

interface Change {
  /** Key of the step that asks. */
  by: string;
  step: StepOf<'state'>;
  input: StateInput;
}

/** What flows remember between runs: one value a key, flow and environment. */
export class StateStore {
  constructor(private readonly store: RunStore) {}

  /**
   * Reads or changes a value, once for a step of a run however often it is asked: the result is kept beside the change.
   * Answers the step's output as JSON. Rejects when the database is away.
   */
  async apply(run: RunMemory, change: Change): Promise<{ json: string } | { error: StepError }> {
    return await this.store.transaction((tx) => applyWithin(tx, run, change));
  }
}

async function applyWithin(tx: RunTransaction, run: RunMemory, change: Change) {
  const { keys, id } = run;
  const place = { run: id, step: change.by };
  const name = `state-write|${id}|${change.by}`;
  const before = await tx.findStateResult(place);
  if (before !== null) return { json: openBytes(keys.payload, before, name).toString() };
  const row = rowOf(run, change.input.key);
  await tx.lockState(row.name);
  const result = await readAndWrite(tx, row, change);
  if ('error' in result) return result;
  const json = jsonWithinLimit(result.output) ?? 'null';
  await tx.keepStateResult({ ...place, result: sealBytes(keys.payload, Buffer.from(json), name) });
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
  const hash = stateHash(run, key);
  return { run, hash, name: `state|${flow.id}|${environment}|${hash}` };
}

/** What stands for a key of the flow's state where keys aren't told: the same in every run. */
export function stateHash({ keys, deployment }: RunMemory, key: string): string {
  return createHmac('sha256', keys.commitment).update(`state|${deployment.flow.id}|${key}`).digest('base64url');
}

type Result = { output: Record<string, unknown> } | { error: StepError };

async function readAndWrite(tx: RunTransaction, row: Row, { step, input }: Change): Promise<Result> {
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
async function read(tx: RunTransaction, { run, hash, name }: Row): Promise<unknown> {
  const { flow, environment } = run.deployment;
  const value = await tx.findState({ flow: flow.id, environment, hash });
  return value === null ? undefined : JSON.parse(openBytes(run.keys.payload, value, name).toString());
}

async function write(
  tx: RunTransaction,
  { run, hash, name }: Row,
  { value, keepSeconds }: { value: unknown; keepSeconds: number | undefined },
): Promise<void> {
  const { flow, environment, workspace } = run.deployment;
  const sealed = sealBytes(run.keys.payload, Buffer.from(JSON.stringify(value)), name);
  await tx.putState({ flow: flow.id, environment, hash, workspace, value: sealed, keepSeconds: keepSeconds ?? null });
}
