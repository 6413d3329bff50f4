import { type Db, PgBoss } from 'pg-boss';
import type { SqlRunner } from '../../platform/changes.js';
import { type Cell, cellOptions } from '../../platform/database/cell.js';
import type { NewJob } from '../records.js';
import { rowsOf } from '../rows.js';
import { runQueue } from './prepare-queue.js';
import { type RunJob, RunQueue } from './run-queue.js';

/** The run queue in pg-boss's tables, with our own window: `work()` would hold a batch until its slowest job is done. */
export class PgBossQueue extends RunQueue {
  private readonly boss: PgBoss;
  private readonly schema: string;

  /** `supervise` makes lapsed jobs ready again: on where runs are carried. */
  constructor(options: { cell: Cell; supervise: boolean; onTrouble: (error: unknown) => void }) {
    super();
    const { cell, supervise, onTrouble } = options;
    this.schema = cell.queueSchema;
    this.boss = new PgBoss({
      ...cellOptions(cell),
      schema: cell.queueSchema,
      max: 2,
      // The tables belong to the owner's role and are made by prepareQueue.
      migrate: false,
      createSchema: false,
      reindex: false,
      supervise,
      superviseIntervalSeconds: 2,
      monitorIntervalSeconds: 2,
      monitorVacuum: false,
      schedule: false,
      registerInstance: false,
      openTelemetry: { enabled: false },
    });
    this.boss.on('error', onTrouble);
  }

  async start(): Promise<void> {
    await this.boss.start();
  }

  async stop(): Promise<void> {
    await this.boss.stop({ graceful: false });
  }

  async enqueue(tx: SqlRunner, jobs: readonly NewJob[]): Promise<void> {
    const rows = jobs.map(({ run, workspace, after, held = false }) => ({
      data: { run, ...(held ? { held } : {}) },
      group: { id: workspace },
      ...(after === null ? {} : { startAfter: new Date(after) }),
    }));
    await this.boss.insert(runQueue, rows, { db: within(tx) });
  }

  async hurryHeld(tx: SqlRunner, workspace: string): Promise<void> {
    await tx.query(
      `update ${this.schema}.job set start_after = now()
       where name = $1 and state = 'created' and start_after > now() and group_id = $2 and data ->> 'held' = 'true'`,
      [runQueue, workspace],
    );
  }

  async fetch(limit: number, fullWorkspaces: readonly string[]): Promise<RunJob[]> {
    const ignoreGroups = fullWorkspaces.length === 0 ? null : [...fullWorkspaces];
    const jobs = await this.boss.fetch<{ run: string }>(runQueue, { batchSize: limit, ignoreGroups });
    return jobs.map((job) => ({ id: job.id, attempt: job.retryCount, run: job.data.run }));
  }

  async settle(tx: SqlRunner, jobs: readonly RunJob[]): Promise<void> {
    if (jobs.length === 0) return;
    const attempts = jobs.map(({ id, attempt }) => ({ id, retryCount: attempt }));
    await this.boss.complete(runQueue, attempts, null, { db: within(tx) });
  }

  async stats(): Promise<{ ready: number; deferred: number; active: number }> {
    const [stats] = await this.boss.getQueueStats(runQueue, { force: true });
    return { ready: stats?.readyCount ?? 0, deferred: stats?.deferredCount ?? 0, active: stats?.activeCount ?? 0 };
  }
}

function within(tx: SqlRunner): Db {
  return { executeSql: async (text, values) => ({ rows: rowsOf(await tx.query(text, values)) }) };
}
