import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { Journal } from '../../journal/journal.js';
import type { BlobStore } from '../../platform/blobs/blob-store.js';
import { Clock } from '../../platform/clock.js';
import type { Cell } from '../../platform/database/cell.js';
import { listDayTables } from '../../platform/database/day-tables.js';
import { makeDaysAhead, timeOfId } from '../../platform/database/partitions.js';
import { Log } from '../../platform/log.js';
import { blobStore, databaseCell, logRetentionDays } from '../../platform/tokens.js';
import { dropLog, expiredLogTables } from './drop-log.js';
import { dropRuns, expiredRunTables } from './drop-runs.js';

const hourMs = 3_600_000;

/** Makes the tables of the days to come and drops those of the days that are over. With the owner's rights: the program's role can't. */
@Injectable()
export class RetentionService implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private sweeping: Promise<void> = Promise.resolve();

  constructor(
    @Inject(databaseCell) private readonly cell: Cell,
    @Inject(logRetentionDays) private readonly logDays: number,
    @Inject(blobStore) private readonly blobs: BlobStore | null,
    private readonly journal: Journal,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    const sweep = () => {
      this.sweeping = this.sweep().catch((error: unknown) =>
        this.log.warn('old days could not be dropped; it is tried again in an hour', { error }),
      );
    };
    this.timer = setInterval(sweep, hourMs).unref();
    sweep();
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.sweeping;
  }

  /** Of several processes one does it; the others have nothing to do. */
  async sweep(): Promise<void> {
    const { url, schema } = this.cell;
    // A reader of an old day is waited for so long, not longer; nobody else waits.
    const client = new pg.Client({
      connectionString: url,
      options: `-c search_path=${schema} -c timezone=UTC -c lock_timeout=5s`,
    });
    // Reported by the query that meets it.
    client.on('error', () => undefined);
    await client.connect();
    try {
      const { rows } = await client.query('select pg_try_advisory_lock(7310003) as mine');
      if (rows[0]?.mine !== true) return;
      await makeDaysAhead(client);
      await this.drop(client);
    } finally {
      await client.end();
    }
  }

  private async drop(client: pg.Client): Promise<void> {
    const now = this.clock.now();
    const { journal, blobs } = this;
    await dropRuns(client, { journal, blobs, expired: expiredRunTables(await listDayTables(client), now) });
    const tables = await listDayTables(client);
    // The log outlives everything that it speaks of.
    const keepDays = Math.max(this.logDays, ...tables.map((table) => table.keepDays ?? 0));
    const { rows } = await client.query('select min(id) as id from run where ended_at is null');
    const openSince = rows[0]?.id == null ? null : timeOfId(rows[0].id);
    await dropLog(client, { journal, expired: expiredLogTables(tables, { now, keepDays, openSince }) });
  }
}
