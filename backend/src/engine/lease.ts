import type { Json } from '@sluice/shared/lib';
import type pg from 'pg';
import type { Journal } from '../journal/journal.js';
import type { RunQueue } from '../journal/queue/run-queue.js';
import { newId } from '../platform/ids.js';

export interface LeaseOptions {
  pool: pg.Pool;
  journal: Journal;
  queue: RunQueue;
  roles: readonly string[];
  /** Whether this process takes over what others left. */
  reaps: boolean;
  /** A process that was silent for so long is taken for dead; 10 s, with a beat every fifth of that. */
  expirySeconds?: number;
  onTrouble(error: unknown): void;
  /** Whether this process has the run in memory. */
  carries(run: string): boolean;
  /** This process was silent for too long and was taken for dead: what it carried belongs to others. */
  onLost(): void;
  /** Runs of a process that died were given to the queue. */
  onOrphans(): Promise<void>;
}

/** This process's row in the house: as long as it beats, its runs are its own. All times are the database's. */
export class Lease {
  private id: string = newId('process');
  private timer: NodeJS.Timeout | null = null;
  /** Runs that are ours by their row and weren't in memory at the last beat. */
  private strays: ReadonlySet<string> = new Set();
  private beating: Promise<void> = Promise.resolve();
  private readonly expirySeconds: number;

  constructor(private readonly options: LeaseOptions) {
    this.expirySeconds = options.expirySeconds ?? 10;
  }

  /** Who carries what this process begins now. Changes when the lease was lost. */
  get owner(): string {
    return this.id;
  }

  async start(): Promise<void> {
    await this.register();
    if (this.options.reaps) await this.takeOver();
    this.timer = setInterval(() => {
      this.beating = this.beat().catch((error: unknown) => this.options.onTrouble(error));
    }, this.expirySeconds * 200);
    this.timer.unref();
  }

  /** Ends the lease; what is still carried becomes jobs at once. */
  async stop(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.beating;
    await this.options.pool.query('delete from process where id = $1', [this.id]);
    await this.takeOver();
  }

  /** Says that we live, and gives the runs of those who don't to the queue. */
  async beat(): Promise<void> {
    const { pool, reaps, onLost } = this.options;
    const { rowCount } = await pool.query('update process set seen_at = clock_timestamp() where id = $1', [this.id]);
    if (rowCount === 0) {
      this.id = newId('process');
      await this.register();
      onLost();
    }
    if (!reaps) return;
    await this.takeOver();
    await this.releaseStrays();
  }

  private async register(): Promise<void> {
    await this.options.pool.query('insert into process (id, roles) values ($1, $2)', [
      this.id,
      [...this.options.roles],
    ]);
  }

  /** Runs whose owner has no row any more are nobody's. */
  private async takeOver(): Promise<void> {
    const { pool } = this.options;
    await pool.query(`delete from process where seen_at < clock_timestamp() - make_interval(secs => $1)`, [
      this.expirySeconds,
    ]);
    const orphans = await pool.query({
      // Named: every day's table is asked at each beat, and planning that costs ten times what doing it does.
      name: 'lease_orphans',
      text: `select distinct owner from run where ended_at is null and owner is not null and not exists (select from process p where p.id = run.owner)`,
    });
    if (orphans.rowCount === 0) return;
    const owners: string[] = orphans.rows.map((row) => row.owner);
    await this.release(`owner = any($1) and not exists (select from process p where p.id = run.owner)`, {
      values: [owners],
      action: 'process.lost',
      detail: { processes: owners },
    });
    await this.options.onOrphans();
  }

  /** Runs that a broken connection left ours without our knowing. Twice in a row, so that none is on its way into memory. */
  private async releaseStrays(): Promise<void> {
    const { pool, carries } = this.options;
    const { rows } = await pool.query({
      name: 'lease_strays',
      text: 'select id from run where owner = $1 and ended_at is null',
      values: [this.id],
    });
    const missing: string[] = rows.map((row) => row.id).filter((id: string) => !carries(id));
    const lost = missing.filter((id) => this.strays.has(id));
    this.strays = new Set(missing);
    if (lost.length > 0)
      await this.release('owner = $1 and id = any($2)', {
        values: [this.id, lost],
        action: 'runs.released',
        detail: { process: this.id },
      });
  }

  /** Gives runs to the queue: their epoch rises, so that no late write of whoever carried them counts, and a job takes each on. */
  private async release(
    condition: string,
    { values, action, detail }: { values: unknown[]; action: string; detail: Record<string, Json> },
  ): Promise<void> {
    const { pool, journal, queue } = this.options;
    const client = await pool.connect();
    try {
      await client.query('begin');
      const { rows } = await client.query(
        `update run set owner = null, epoch = epoch + 1 where ended_at is null and ${condition} returning id, workspace_id`,
        values,
      );
      if (rows.length > 0) {
        await queue.enqueue(
          client,
          rows.map((row) => ({ run: row.id, workspace: row.workspace_id, after: null })),
        );
        await journal.record(client, [
          { workspace: null, actor: { kind: 'system', id: this.id }, action, detail: { ...detail, runs: rows.length } },
        ]);
      }
      await client.query('commit');
      client.release();
    } catch (error) {
      client.release(true);
      throw error;
    }
  }
}
