import { runOfFile } from '@sluice/shared/lib';
import type pg from 'pg';
import type { RunJob } from '../../journal/queue/run-queue.js';
import { defaultRetentionDays, sinceRun } from '../../platform/database/partitions.js';
import { Problem } from '../../platform/problem.js';
import { payloadKindSchema } from '../payload-kind.js';
import { claimRuns } from './claim.js';
import { PgRunTransaction, type PgTransactionParts } from './pg-run-transaction.js';
import {
  type ClaimedRun,
  type DeploymentRow,
  RunStore,
  type SlotRows,
  type StoredAnswer,
  type StoredEvent,
  type StoredFile,
  type StoredHistory,
  type StoredRun,
} from './run-store.js';
import { inTransaction } from '../../platform/database/in-transaction.js';
import { type LinePlace, lineName, lockLine, wakeNext } from './wake-next.js';

const databaseTime = 'extract(epoch from clock_timestamp())::float8 * 1000 as now';

/**
 * Both runs' lines up to where they came from: the run that began it, that it tries again, or that its delivery began
 * first. They are of one family when the lines meet.
 */
const fileQuery = `
with recursive line as (
  select id as head, id, 0 as steps from unnest(array[$3, $5]) as id
  union all
  select line.head, coalesce(r.parent_run, r.retry_of, e.run_id), line.steps + 1
  from line join run r on r.id = line.id left join trigger_event e on e.id = r.event_id and e.run_id <> r.id
  where line.steps < 100 and coalesce(r.parent_run, r.retry_of, e.run_id) is not null)
select p.sealed, p.keep_days, r.payload_key
from run r join payload p on p.run_id = r.id and p.kind = 'file' and p.step_id = $4
where r.id = $5 and r.workspace_id = $1 and r.environment = $2
  and exists (select from line a join line b on a.id = b.id where a.head = $3 and b.head = $5)`;

/** The engine's questions in PostgreSQL. All times are the database's. */
export class PgRunStore extends RunStore {
  private readonly pool: pg.Pool;

  constructor(private readonly parts: PgTransactionParts & { pool: pg.Pool }) {
    super();
    this.pool = parts.pool;
  }

  fetch(limit: number, fullWorkspaces: readonly string[]): Promise<RunJob[]> {
    return this.parts.queue.fetch(limit, fullWorkspaces);
  }

  async claim(jobs: readonly RunJob[], owner: string): Promise<ClaimedRun[]> {
    return await this.within((client) => claimRuns(client, { queue: this.parts.queue, jobs, owner }));
  }

  async findRun({ run, workspace }: { run: string; workspace: string }): Promise<StoredRun | null> {
    const { rows } = await this.pool.query(
      `select id, deployment_id, flow_id, environment, event_id, coalesce(origin, id) as origin, payload_key, ended_at
       from run where id = $1 and workspace_id = $2`,
      [run, workspace],
    );
    const [row] = rows;
    if (row === undefined) return null;
    const { id, environment, origin, payload_key: payloadKey } = row;
    const place = { deployment: row.deployment_id, flow: row.flow_id, event: row.event_id };
    return { id, ...place, environment, origin, payloadKey, isOver: row.ended_at !== null };
  }

  async findFile(of: {
    workspace: string;
    environment: string;
    run: string;
    file: string;
  }): Promise<StoredFile | null> {
    const { rows } = await this.pool.query(fileQuery, [
      of.workspace,
      of.environment,
      of.run,
      of.file,
      runOfFile(of.file),
    ]);
    const [row] = rows;
    return row === undefined ? null : { sealed: row.sealed, keepDays: row.keep_days, payloadKey: row.payload_key };
  }

  async findHistory(run: string): Promise<StoredHistory> {
    const [entries, payloads] = await Promise.all([
      this.pool.query(`select body from audit_entry where run_id = $1 and stored_at >= $2 and action like 'step.%'`, [
        run,
        sinceRun(run),
      ]),
      this.pool.query('select step_id as step, attempt, kind, sealed, blob from payload where run_id = $1', [run]),
    ]);
    return {
      bodies: entries.rows.map(({ body }) => body),
      payloads: await Promise.all(
        payloads.rows.map(async ({ step, attempt, kind, ...row }) => {
          const sealed = await this.parts.journal.readPayload(row);
          return { step, attempt, kind: payloadKindSchema.parse(kind), sealed };
        }),
      ),
    };
  }

  async register(process: string, roles: readonly string[]): Promise<number> {
    const { rows } = await this.pool.query(
      `insert into process (id, roles) values ($1, $2) returning ${databaseTime}`,
      [process, [...roles]],
    );
    return rows[0].now;
  }

  async beat(process: string): Promise<number | null> {
    const { rows } = await this.pool.query(
      `update process set seen_at = clock_timestamp() where id = $1 returning ${databaseTime}`,
      [process],
    );
    return rows[0]?.now ?? null;
  }

  async leave(process: string): Promise<void> {
    await this.pool.query('delete from process where id = $1', [process]);
  }

  async dropSilent(seconds: number): Promise<void> {
    await this.pool.query(`delete from process where seen_at < clock_timestamp() - make_interval(secs => $1)`, [
      seconds,
    ]);
  }

  async findLostOwners(): Promise<string[]> {
    const { rows } = await this.pool.query({
      // Named: every day's table is asked at each beat, and planning that costs ten times what doing it does.
      name: 'lease_orphans',
      text: `select distinct owner from run where ended_at is null and owner is not null and not exists (select from process p where p.id = run.owner)`,
    });
    return rows.map(({ owner }) => owner);
  }

  async findOwned(process: string): Promise<string[]> {
    const { rows } = await this.pool.query({
      name: 'lease_owned',
      text: 'select id from run where owner = $1 and ended_at is null',
      values: [process],
    });
    return rows.map(({ id }) => id);
  }

  async findAnswers(run: string, steps: readonly string[]): Promise<StoredAnswer[]> {
    const { rows } = await this.pool.query(
      'select step_key as step, answer from ask where run_id = $1 and step_key = any($2) and answered_at is not null',
      [run, steps],
    );
    return rows;
  }

  async wakeAnswered(of: { run: string; steps: readonly string[] } | null): Promise<void> {
    const { rows } = await this.pool.query(
      `select distinct r.id, r.workspace_id from ask a join run r on r.id = a.run_id
       where ${of === null ? 'a.asked_at is not null' : 'r.id = $1 and a.step_key = any($2)'}
         and a.answered_at is not null and r.owner is null and r.ended_at is null`,
      of === null ? [] : [of.run, of.steps],
    );
    if (rows.length === 0) return;
    await this.parts.queue.enqueue(
      this.pool,
      rows.map((row) => ({ run: row.id, workspace: row.workspace_id, after: null })),
    );
  }

  async wakeNext(place: LinePlace): Promise<void> {
    // Without the lock the next one may be one that is just being cancelled, and nobody would call the one behind it.
    await inTransaction(this.pool, async (client) => {
      await lockLine(client, lineName(place));
      await wakeNext({ runner: client, queue: this.parts.queue }, place);
    });
  }

  async wakeHeld(workspace: string): Promise<void> {
    await this.parts.queue.hurryHeld(this.pool, workspace);
  }

  async findActiveDeployment(place: { workspace: string; flow: string; environment: string }): Promise<string | null> {
    const { rows } = await this.pool.query(
      `select d.id from deployment d join flow f on f.id = d.flow_id
       where d.workspace_id = $1 and d.flow_id = $2 and d.environment = $3 and d.status = 'active' and f.removed_at is null`,
      [place.workspace, place.flow, place.environment],
    );
    return rows[0]?.id ?? null;
  }

  async findDeployment(id: string): Promise<DeploymentRow | null> {
    const { rows } = await this.pool.query(
      `select d.id, d.workspace_id, d.flow_id, d.environment, d.version, d.bindings, f.name, v.hash, v.document, v.manifest, e.policy,
         coalesce((e.policy ->> 'retentionDays')::int, $2) as keep_days
       from deployment d join flow f on f.id = d.flow_id
       join flow_version v on v.flow_id = d.flow_id and v.version = d.version
       left join environment e on e.workspace_id = d.workspace_id and e.name = d.environment where d.id = $1`,
      [id, defaultRetentionDays],
    );
    return rows[0] ?? null;
  }

  async findSlots(
    connections: readonly string[],
    { flow, environment }: { flow: string; environment: string },
  ): Promise<SlotRows> {
    const found = await this.pool.query('select id, connector, config, hosts from connection where id = any($1)', [
      connections,
    ]);
    const grants = await this.pool.query(
      `select slot, id, array(select jsonb_array_elements_text(asks -> 'fields') except select jsonb_array_elements_text(allows -> 'fields')) as withheld
       from approval_grant where flow_id = $1 and environment = $2 and status = 'active'`,
      [flow, environment],
    );
    return { connections: found.rows, grants: grants.rows };
  }

  async findDeclaration({
    workspace,
    connector,
    version,
  }: {
    workspace: string;
    connector: string;
    version: string;
  }): Promise<string | null> {
    const { rows } = await this.pool.query(
      'select declaration from imported_connector_version where workspace_id = $1 and connector = $2 and version = $3',
      [workspace, connector, version],
    );
    return rows[0]?.declaration ?? null;
  }

  async findEvent({ workspace, eventId }: { workspace: string; eventId: string }): Promise<StoredEvent | null> {
    const { rows } = await this.pool.query(
      `select e.flow_id, e.environment, e.status, e.run_id, r.payload_key, p.step_id, p.attempt, p.kind, p.sealed, p.blob
       from trigger_event e left join run r on r.id = e.run_id
       left join payload p on p.run_id = e.run_id and (p.kind = 'event' or (p.kind = 'turn' and p.attempt = 1))
       where e.id = $1 and e.workspace_id = $2
       order by p.kind = 'event' desc`,
      [eventId, workspace],
    );
    const [row] = rows;
    if (row === undefined) return null;
    const { flow_id: flow, environment, status, run_id: id, payload_key: payloadKey, step_id: step, attempt } = row;
    if (step === null) return { flow, environment, status, run: null };
    return {
      flow,
      environment,
      status,
      run: {
        id,
        payloadKey,
        first: {
          step,
          attempt,
          kind: payloadKindSchema.parse(row.kind),
          sealed: await this.parts.journal.readPayload(row),
        },
      },
    };
  }

  async transaction<Result>(work: (tx: PgRunTransaction) => Promise<Result>): Promise<Result> {
    return await this.within((client) => work(new PgRunTransaction(client, this.parts)));
  }

  private async within<Result>(work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    const client = await this.pool.connect();
    try {
      await client.query('begin');
      const result = await work(client);
      await client.query('commit');
      client.release();
      return result;
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      // After a refusal of ours the connection is as good as before.
      client.release(!(error instanceof Problem));
      throw error;
    }
  }
}
