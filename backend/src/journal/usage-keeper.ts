import type pg from 'pg';
import { insertCauses } from './notice-cause.js';
import type { Journal } from './journal.js';
import { type Quota, quotaOf, type StorageState, stateOf } from './quota.js';
import type { Usage } from './usage.js';

const sayMs = 5000;

export interface UsageKeeperOptions {
  pool: pg.Pool;
  journal: Journal;
  usage: Usage;
  quota: Quota;
  onTrouble(error: unknown): void;
}

/** Adds what this process stored to what all did, and closes the door for workspaces that have used up their quota. */
export class UsageKeeper {
  private timer: NodeJS.Timeout | null = null;
  private saying: Promise<void> = Promise.resolve();

  constructor(private readonly options: UsageKeeperOptions) {}

  async start(): Promise<void> {
    await this.say();
    this.timer = setInterval(() => {
      this.saying = this.say().catch((error: unknown) => this.options.onTrouble(error));
    }, sayMs);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.saying;
    await this.say();
  }

  async say(): Promise<void> {
    const { pool, usage } = this.options;
    await this.addCounts();
    const { rows } = await pool.query(
      `select w.id, w.storage_state as state, coalesce(sum(s.bytes), 0)::float8 as bytes
       from workspace w left join stored_bytes s on s.workspace_id = w.id group by w.id`,
    );
    const states = rows.map((row) => ({ ...row, now: stateOf(row.bytes, quotaOf(this.options.quota, row.id)) }));
    usage.setFull(new Set(states.filter(({ now }) => now === 'full').map(({ id }) => id)));
    for (const { id, state, now, bytes } of states)
      if (state !== now) await this.record(id, { before: state, now, bytes });
  }

  private async addCounts(): Promise<void> {
    const { pool, usage } = this.options;
    const counts = usage.take();
    if (counts.length === 0) return;
    try {
      await pool.query(
        `insert into stored_bytes (workspace_id, keep_days, day, bytes)
         select * from unnest($1::text[], $2::int[], $3::date[], $4::bigint[])
         on conflict (workspace_id, keep_days, day) do update set bytes = stored_bytes.bytes + excluded.bytes`,
        [
          counts.map(({ workspace }) => workspace),
          counts.map(({ keepDays }) => keepDays),
          counts.map(({ day }) => day),
          counts.map(({ bytes }) => bytes),
        ],
      );
    } catch (error) {
      for (const count of counts) usage.count(count);
      throw error;
    }
  }

  /** One entry for each crossing: of the processes that see it the first writes it. */
  private async record(
    workspace: string,
    { before, now, bytes }: { before: StorageState; now: StorageState; bytes: number },
  ): Promise<void> {
    const { pool, journal } = this.options;
    const tx = await pool.connect();
    try {
      await tx.query('begin');
      const { rowCount } = await tx.query(
        'update workspace set storage_state = $3 where id = $1 and storage_state = $2',
        [workspace, before, now],
      );
      if (rowCount === 1 && now !== 'ok')
        await insertCauses(tx, [
          {
            workspace,
            kind: `storage.${now}`,
            about: { kind: 'workspace', id: workspace },
            audience: { roles: ['admin', 'owner'] },
          },
        ]);
      if (rowCount === 1)
        await journal.record(tx, [
          {
            workspace,
            actor: { kind: 'system', id: 'storage' },
            action: `storage.${now}`,
            detail: { bytes, quota: quotaOf(this.options.quota, workspace) },
          },
        ]);
      await tx.query('commit');
      tx.release();
    } catch (error) {
      tx.release(true);
      throw error;
    }
  }
}
