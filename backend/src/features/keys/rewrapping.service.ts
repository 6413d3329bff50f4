import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { Journal } from '../../journal/journal.js';
import { Changes } from '../../platform/changes.js';
import { Keyring, keepMilliseconds, keyName } from '../../platform/keys/keyring.js';
import { learnMilliseconds } from '../../platform/keys/wrapped-keys.js';
import { countByVersion, reseal } from '../../platform/keys/reseal.js';
import { sealedColumns } from '../../platform/keys/sealed-columns.js';
import { Log } from '../../platform/log.js';
import { databasePool } from '../../platform/tokens.js';
import { inTransaction } from '../../platform/database/in-transaction.js';
import {
  countSecrets,
  type KeyScope,
  type KeyVersion,
  listSuperseded,
  retire,
  setRowsLeft,
} from './keys.repository.js';

const everyMs = 60_000;
/** Whoever still seals with it has had to read the keys anew by then, twice. */
export const graceMs = 2 * keepMilliseconds;

/** The id of changes that are of the counts alone. */
const progress = 'progress';

/** Wraps data keys anew after a rotation, counts what is left, and retires the versions that no row needs. */
@Injectable()
export class RewrappingService implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private soon: NodeJS.Timeout | null = null;
  private sweeping: Promise<void> = Promise.resolve();
  private release: () => void = () => undefined;

  constructor(
    @Inject(databasePool) private readonly pool: pg.Pool,
    private readonly keyring: Keyring,
    private readonly journal: Journal,
    private readonly changes: Changes,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.sweepNow(), everyMs).unref();
    this.release = this.changes.on('keys', (ids) => {
      if (ids === null || ids.some((id) => id !== progress)) this.sweepSoon();
    });
    this.sweepNow();
  }

  async onApplicationShutdown(): Promise<void> {
    this.release();
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    if (this.soon !== null) clearTimeout(this.soon);
    await this.sweeping;
  }

  private sweepNow(): void {
    this.sweeping = this.sweeping.then(() =>
      this.sweep().catch((error: unknown) =>
        this.log.warn('keys could not be wrapped anew; it is tried again', { error }),
      ),
    );
  }

  /** When the new version seals. */
  private sweepSoon(): void {
    if (this.timer === null) return;
    this.soon ??= setTimeout(() => {
      this.soon = null;
      this.sweepNow();
    }, learnMilliseconds + 500).unref();
  }

  /** Of several processes one does it; the others have nothing to do. */
  async sweep(): Promise<void> {
    const client = await this.pool.connect();
    try {
      const { rows } = await client.query('select pg_try_advisory_lock(7310006) as mine');
      if (rows[0]?.mine !== true) return;
      try {
        for (const versions of byKey(await listSuperseded(client))) await this.advance(versions);
      } finally {
        await client.query('select pg_advisory_unlock(7310006)');
      }
    } finally {
      client.release();
    }
  }

  /** The older versions of one key. */
  private async advance(versions: readonly KeyVersion[]): Promise<void> {
    const [first] = versions;
    // The one before the newest, which has most of the rows.
    const last = versions.at(-1);
    if (first === undefined || last === undefined) return;
    let left = await this.count(versions);
    if (left > 0 && first.purpose !== 'secret') {
      const keys = await this.keyring.refresh(first);
      for (const column of sealedColumns.filter(({ purpose }) => purpose === first.purpose)) {
        const onBatch = async (rows: number) => {
          left = Math.max(0, left - rows);
          await this.say({ ...last, left });
        };
        await reseal(this.pool, column, { keys, place: first, onBatch });
      }
      left = await this.count(versions);
      // Somebody was at those rows.
      if (left > 0) this.sweepSoon();
    }
    if (left === 0) for (const version of versions) await this.retire(version);
  }

  /** How many rows need one of these versions; each version's own share is written down. */
  private async count(versions: readonly KeyVersion[]): Promise<number> {
    const [first] = versions;
    if (first === undefined) return 0;
    const counts =
      first.purpose === 'secret' ? await countSecrets(this.pool, first) : await this.countRows(first, first.purpose);
    let sum = 0;
    for (const version of versions) {
      const left = counts.get(version.version) ?? 0;
      sum += left;
      if (left !== version.rows_left) await this.say({ ...version, left });
      version.rows_left = left;
    }
    return sum;
  }

  private async countRows(scope: KeyScope, of: KeyVersion['purpose']): Promise<Map<number, number>> {
    const counts = new Map<number, number>();
    for (const column of sealedColumns.filter(({ purpose }) => purpose === of))
      for (const [version, rows] of await countByVersion(this.pool, column, scope))
        counts.set(version, (counts.get(version) ?? 0) + rows);
    return counts;
  }

  private async say(of: KeyVersion & { left: number }): Promise<void> {
    await setRowsLeft(this.pool, of);
    this.changes.publish('keys', [progress]);
  }

  private async retire(version: KeyVersion): Promise<void> {
    await inTransaction(this.pool, async (tx) => {
      if (!(await retire(tx, { ...version, supersededForMs: graceMs }))) return;
      await this.changes.notify(tx, 'keys', keyName(version));
      const { workspace, environment, purpose } = version;
      await this.journal.record(tx, [
        {
          workspace,
          actor: { kind: 'system', id: 'keys' },
          action: 'key.retired',
          ...(environment === '' ? {} : { environment }),
          detail: { purpose, version: version.version },
        },
      ]);
    });
  }
}

function byKey(versions: readonly KeyVersion[]): KeyVersion[][] {
  return [...Map.groupBy(versions, keyName).values()];
}
