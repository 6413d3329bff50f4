import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { Log } from '../../../platform/log.js';
import { databasePool } from '../../../platform/tokens.js';
import type { LogEvent } from './log-event.js';
import { readCheckpoint, readFeed } from './siem-feed.js';
import { siemSink, type SiemSink } from './siem-sink.js';

const everyMs = 1000;
/** After a round that failed: twice as long each time, five minutes at most. */
const longestPauseMs = 300_000;
/** Of entries, sent at a time. Half of it after each failure: a receiver may refuse what is large. */
const mostBytes = 1024 * 1024;
/** Less helps with no receiver, and after a night without one all of it would go in crumbs. */
const leastBytes = 16 * 1024;

const lock = `hashtext(current_schema() || '.siem')`;

/**
 * Sends each entry of the sealed log, in the order of the tree, to a receiver outside: at least once. The cursor moves
 * when the receiver has them; while it is away nothing is lost, and one that hears something twice knows it by its place.
 */
@Injectable()
export class SiemService implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private round: Promise<void> = Promise.resolve();
  private isOver = false;
  private failures = 0;
  private bytes = mostBytes;

  constructor(
    @Inject(databasePool) private readonly pool: pg.Pool,
    @Inject(siemSink) private readonly sink: SiemSink | null,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    if (this.sink !== null) this.wait(everyMs);
  }

  async onApplicationShutdown(): Promise<void> {
    this.isOver = true;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.sink?.close();
    await this.round;
  }

  /**
   * Sends what there is, some at a time; answers how many entries went, null when there was nothing to pass over. Of several
   * processes one sends: the lock is the connection's, so that no transaction stays open while the receiver takes its time.
   */
  async send(): Promise<number | null> {
    if (this.sink === null) return null;
    const client = await this.pool.connect();
    let isMine = false;
    try {
      const { rows } = await client.query<{ mine: boolean }>(`select pg_try_advisory_lock(${lock}) as mine`);
      isMine = rows[0]?.mine === true;
      return isMine ? await this.sendAs(client, this.sink) : null;
    } finally {
      const unlocked = isMine ? client.query(`select pg_advisory_unlock(${lock})`) : Promise.resolve();
      // A connection that may hold the lock still is closed.
      await unlocked.then(
        () => client.release(),
        () => client.release(true),
      );
    }
  }

  private async sendAs(client: pg.PoolClient, sink: SiemSink): Promise<number | null> {
    const feed = await readFeed(client, { sink: sink.name, bytes: this.bytes });
    if (feed === null) return null;
    const checkpoint = await readCheckpoint(client, { sink: sink.name, next: feed.next });
    try {
      for (const events of partsOf(feed.events, this.bytes)) await sink.send(events);
      if (checkpoint !== null) await sink.send([checkpoint]);
    } catch (error) {
      this.bytes = Math.max(leastBytes, this.bytes / 2);
      throw error;
    }
    this.bytes = Math.min(mostBytes, this.bytes * 2);
    await client.query(
      `insert into siem_cursor (sink, next, checkpoint, at) values ($1, $2, coalesce($3, 0), now())
       on conflict (sink) do update set next = excluded.next, at = excluded.at, checkpoint = coalesce($3, siem_cursor.checkpoint)`,
      [sink.name, feed.next, checkpoint?.size ?? null],
    );
    return feed.events.length;
  }

  private wait(ms: number): void {
    this.timer = setTimeout(() => {
      this.round = this.go();
    }, ms).unref();
  }

  private async go(): Promise<void> {
    try {
      while (!this.isOver && (await this.send()) !== null) continue;
      this.failures = 0;
    } catch (error) {
      this.failures += 1;
      if (!this.isOver) this.log.warn('the log waits for its receiver', { error, failures: this.failures });
    }
    if (!this.isOver) this.wait(Math.min(everyMs * 2 ** this.failures, longestPauseMs));
  }
}

/** In order, each of no more than `bytes` of entries, but one entry at least. */
function* partsOf(events: readonly LogEvent[], bytes: number): Generator<LogEvent[]> {
  let part: LogEvent[] = [];
  let held = 0;
  for (const event of events) {
    const size = Buffer.byteLength(JSON.stringify(event.entry));
    if (part.length > 0 && held + size > bytes) {
      yield part;
      [part, held] = [[], 0];
    }
    part.push(event);
    held += size;
  }
  if (part.length > 0) yield part;
}
