import type pg from 'pg';
import type { Journal } from '../../journal/journal.js';
import type { RunQueue } from '../../journal/queue/run-queue.js';
import type { NewEntry, NewJob } from '../../journal/records.js';
import type { Changes } from '../../platform/changes.js';
import { sinceRun } from '../../platform/database/partitions.js';
import { type RunRow, RunTransaction, type StatePlace, type StepPlace } from './run-transaction.js';
import { lineName, lockLine, wakeNext } from './wake-next.js';

export interface PgTransactionParts {
  queue: RunQueue;
  changes: Changes;
  journal: Journal;
}

const runColumns = 'workspace_id, environment, flow_id, owner, ended_at';

/** The engine's part of a transaction in PostgreSQL. */
export class PgRunTransaction extends RunTransaction {
  constructor(
    private readonly client: pg.PoolClient,
    private readonly parts: PgTransactionParts,
  ) {
    super();
  }

  async findRun(run: string): Promise<RunRow | null> {
    return await this.readRun(`select ${runColumns} from run where id = $1`, run);
  }

  async lockRun(run: string): Promise<RunRow | null> {
    return await this.readRun(`select ${runColumns} from run where id = $1 for update`, run);
  }

  async findChildren(run: string): Promise<string[]> {
    const { rows } = await this.client.query(
      'select id from run where parent_run = $1 and parent_waits and ended_at is null',
      [run],
    );
    return rows.map(({ id }) => id);
  }

  async endParked(run: string): Promise<StepPlace | null> {
    const { rows } = await this.client.query(
      `update run set status = 'cancelled', ended_at = clock_timestamp(), due_at = null, epoch = epoch + 1 where id = $1
       returning parent_run, parent_step, parent_waits, flow_id, environment, key, in_line`,
      [run],
    );
    const [{ parent_run, parent_step, parent_waits, flow_id: flow, environment, key, in_line }] = rows;
    if (in_line !== null) {
      const place = { flow, environment, key };
      await lockLine(this.client, lineName(place));
      await wakeNext({ runner: this.client, queue: this.parts.queue }, place);
    }
    return parent_waits ? { run: parent_run, step: parent_step } : null;
  }

  async reopen({ run, workspace }: { run: string; workspace: string }): Promise<string | null> {
    const { rows } = await this.client.query(
      `update run set status = 'running' where id = $1 and workspace_id = $2 and status = 'in_doubt' and owner is null returning environment`,
      [run, workspace],
    );
    return rows[0]?.environment ?? null;
  }

  async findStepBodies(run: string, stepId: string): Promise<string[]> {
    const { rows } = await this.client.query(
      'select body from audit_entry where run_id = $1 and step_id = $2 and stored_at >= $3',
      [run, stepId, sinceRun(run)],
    );
    return rows.map(({ body }) => body);
  }

  async lockApproval({
    run,
    step,
    workspace,
  }: StepPlace & { workspace: string }): Promise<{ environment: string; deciders: readonly string[] } | null> {
    const { rows } = await this.client.query(
      `select a.environment, a.deciders from ask a join run r on r.id = a.run_id
       where a.run_id = $1 and a.step_key = $2 and a.workspace_id = $3 and a.kind = 'approval'
         and a.answered_at is null and a.until > clock_timestamp() and r.ended_at is null for update of a`,
      [run, step, workspace],
    );
    const [row] = rows;
    return row === undefined ? null : { environment: row.environment, deciders: row.deciders.split(',') };
  }

  async expectCallback(of: StepPlace & { workspace: string; environment: string; flow: string }): Promise<void> {
    await this.client.query(
      `insert into ask (run_id, step_key, kind, workspace_id, environment, flow_id)
       values ($1, $2, 'callback', $3, $4, $5) on conflict do nothing`,
      [of.run, of.step, of.workspace, of.environment, of.flow],
    );
  }

  async answer({ run, step, answer }: StepPlace & { answer: Buffer }): Promise<boolean> {
    const { rowCount } = await this.client.query(
      `update ask set answered_at = clock_timestamp(), answer = $3 where run_id = $1 and step_key = $2
       and answered_at is null and (until is null or until > clock_timestamp())`,
      [run, step, answer],
    );
    return rowCount !== 0;
  }

  async release(
    of: { lostOwners: readonly string[] } | { owner: string; runs: readonly string[] },
  ): Promise<{ run: string; workspace: string }[]> {
    const [condition, values] =
      'lostOwners' in of
        ? ['owner = any($1) and not exists (select from process p where p.id = run.owner)', [of.lostOwners]]
        : ['owner = $1 and id = any($2)', [of.owner, of.runs]];
    const { rows } = await this.client.query(
      `update run set owner = null, epoch = epoch + 1 where ended_at is null and ${condition} returning id as run, workspace_id as workspace`,
      values,
    );
    return rows;
  }

  async findStateResult({ run, step }: StepPlace): Promise<Buffer | null> {
    const { rows } = await this.client.query(
      'select result from flow_state_write where run_id = $1 and step_key = $2',
      [run, step],
    );
    return rows[0]?.result ?? null;
  }

  async keepStateResult({ run, step, result }: StepPlace & { result: Buffer }): Promise<void> {
    await this.client.query('insert into flow_state_write (run_id, step_key, result) values ($1, $2, $3)', [
      run,
      step,
      result,
    ]);
  }

  async lockState(name: string): Promise<void> {
    await this.client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
  }

  async findState({ flow, environment, hash }: StatePlace): Promise<Buffer | null> {
    const { rows } = await this.client.query(
      `select value from flow_state where flow_id = $1 and environment = $2 and key_hash = $3
       and (expires_at is null or expires_at > clock_timestamp())`,
      [flow, environment, hash],
    );
    return rows[0]?.value ?? null;
  }

  async putState(of: StatePlace & { workspace: string; value: Buffer; keepSeconds: number | null }): Promise<void> {
    await this.client.query(
      `insert into flow_state (workspace_id, flow_id, environment, key_hash, value, expires_at)
       values ($1, $2, $3, $4, $5, clock_timestamp() + make_interval(secs => $6))
       on conflict (flow_id, environment, key_hash)
       do update set value = excluded.value, expires_at = excluded.expires_at, updated_at = clock_timestamp()`,
      [of.workspace, of.flow, of.environment, of.hash, of.value, of.keepSeconds],
    );
  }

  async enqueue(jobs: readonly NewJob[]): Promise<void> {
    await this.parts.queue.enqueue(this.client, jobs);
  }

  async notify(topic: 'runs' | 'cancels' | 'answers', run: string): Promise<void> {
    await this.parts.changes.notify(this.client, topic, run);
  }

  async record(entries: readonly NewEntry[]): Promise<void> {
    await this.parts.journal.record(this.client, entries);
  }

  private async readRun(text: string, run: string): Promise<RunRow | null> {
    const { rows } = await this.client.query(text, [run]);
    const [row] = rows;
    if (row === undefined) return null;
    const { workspace_id: workspace, environment, flow_id: flow, owner, ended_at } = row;
    return { workspace, environment, flow, owner, isOver: ended_at !== null };
  }
}
