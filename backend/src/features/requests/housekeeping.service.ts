import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { Log } from '../../platform/log.js';
import { databasePool } from '../../platform/tokens.js';

const hourMs = 3_600_000;

const batch = 10_000;
const ended = `keep_days = 0 and ended_at < now() - interval '1 day'`;

/** What has no use any more, and when: each statement may run in every process at once. */
const sweeps = [
  'delete from session where expire < now()',
  "delete from idempotency_key where created_at < now() - interval '1 day'",
  'delete from rate_limit where expire < extract(epoch from now()) * 1000',
  "delete from setup_link where expires_at < now() - interval '30 days'",
  'delete from endpoint_secret where expires_at < now()',
  // Some at a time: nobody waits long for one of their locks.
  `delete from event_key where ctid = any(array(select ctid from event_key where kept_until < now() limit ${batch}))`,
  `delete from flow_state where ctid = any(array(select ctid from flow_state where expires_at < now() limit ${batch}))`,
  // An access review looks back a year at most.
  `delete from grant_use where ctid = any(array(select ctid from grant_use where day < current_date - 400 limit ${batch}))`,
  // Kept while the run may ask for them again, and a question for as long as its run.
  `delete from flow_state_write where ctid = any(array(select w.ctid from flow_state_write w
     where w.created_at < now() - interval '1 day'
       and not exists (select from run r where r.id = w.run_id and r.ended_at is null) limit ${batch}))`,
  `delete from ask where ctid = any(array(select a.ctid from ask a
     where coalesce(a.asked_at, a.answered_at) < now() - interval '1 day'
       and not exists (select from run r where r.id = a.run_id) limit ${batch}))`,
  // Runs that outlived their day; see the retention feature.
  `delete from payload where keep_days = 0 and run_id in (select id from run where ${ended})`,
  `delete from run where ${ended}`,
] as const;

/** Clears away, once an hour, what would else grow for ever. */
@Injectable()
export class HousekeepingService implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;

  constructor(
    @Inject(databasePool) private readonly pool: pg.Pool,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.sweep(), hourMs).unref();
    void this.sweep();
  }

  onApplicationShutdown(): void {
    if (this.timer !== null) clearInterval(this.timer);
  }

  async sweep(): Promise<void> {
    for (const statement of sweeps) {
      try {
        let deleted: number | null = batch;
        while (deleted === batch) ({ rowCount: deleted } = await this.pool.query(statement));
      } catch (error) {
        this.log.warn('housekeeping failed; it is tried again in an hour', { error });
      }
    }
  }
}
