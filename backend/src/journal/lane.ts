import type { AuditBlock } from '@sluice/shared/audit';
import { makeDays } from '../platform/database/partitions.js';
import { Problem } from '../platform/problem.js';
import { type ChainHead, emptyChain, nextBlock, type SealedEntry } from './chain.js';
import { classifyFailure } from './flush-failure.js';
import { daysOf } from './days-of.js';
import { flushQuery } from './flush-statement.js';
import { endsWith, type LaneConnection, recently } from './lane-connection.js';
import type { JournalRecord, Stored } from './records.js';

/** A record on its way, with whoever waits for it. */
export interface Waiting {
  record: JournalRecord;
  /** Its entries, sealed once: the block that a retry asks for must be the block that was tried. */
  sealed: readonly SealedEntry[];
  rows: number;
  settle(stored: Stored): void;
  fail(error: unknown): void;
}

export interface LaneOptions {
  clock: { now(): number };
  onTrouble(error: unknown): void;
  /** Told of each flush after its commit, before anybody who waits for it goes on. */
  onStored(records: readonly JournalRecord[]): void;
}

const mostRecords = 1000;
const mostRows = 20_000;
/** Above this, waiting a little gathers enough to save a tenth of PostgreSQL's CPU; below it would only cost latency. */
const manyRecords = 3;
const gatherMs = 2;

/** One writer and one chain. While a flush is on its way everything else gathers for the next. */
export class Lane {
  private readonly queue: Waiting[] = [];
  private head: ChainHead = emptyChain;
  private number: number | null = null;
  private busy = false;
  private lastFlush = 0;
  private down = false;
  private stopping = false;

  constructor(
    private readonly connection: LaneConnection,
    private readonly options: LaneOptions,
  ) {}

  /** Whether its database takes flushes right now. */
  get isUp(): boolean {
    return !this.down;
  }

  get name(): string {
    return String(this.number ?? '');
  }

  async open(): Promise<void> {
    const { lane, head } = await this.connection.open(this.number, recently(this.options.clock.now()));
    this.number = lane;
    this.head = head;
  }

  push(waiting: Waiting): void {
    this.queue.push(waiting);
    if (this.busy) return;
    this.busy = true;
    // At the end of this turn of the event loop, so that what arrives together is flushed together.
    setImmediate(() => void this.drain());
  }

  /** Flushes what is queued and lets go of the lane. */
  async close(): Promise<void> {
    while (this.busy && !this.down) await new Promise((resolve) => setTimeout(resolve, 1));
    this.stopping = true;
    await this.connection.close();
    for (const waiting of this.queue.splice(0)) waiting.fail(new Problem('server.busy'));
  }

  private async drain(): Promise<void> {
    while (this.queue.length > 0 && !this.stopping) {
      const batch = this.takeBatch();
      await this.store(batch);
      this.lastFlush = batch.length;
      await gather(this.lastFlush);
    }
    this.busy = false;
  }

  private takeBatch(): Waiting[] {
    let rows = 0;
    let size = 0;
    while (size < this.queue.length && size < mostRecords && rows < mostRows) rows += this.queue[size++]?.rows ?? 0;
    return this.queue.splice(0, size);
  }

  /** Stores a batch, in as many flushes as it takes; settles or fails each of it. Never rejects. */
  private async store(batch: Waiting[]): Promise<void> {
    let isPlaced = false;
    for (let rest = batch; rest.length > 0 && !this.stopping; ) {
      const block = nextBlock(this.name, this.head, sealedOf(rest));
      try {
        await this.flush(rest, block);
      } catch (error) {
        const failure = classifyFailure(error);
        if (failure.kind === 'poison' || (failure.kind === 'unplaced' && isPlaced))
          return await this.halve(rest, error);
        if (failure.kind === 'stale') rest = leave(rest, failure.runs);
        else if (failure.kind === 'duplicate') rest = await this.leaveDuplicates(rest, error);
        else if (failure.kind === 'unplaced') {
          isPlaced = true;
          rest = await this.makePlace(rest, error);
        } else if (failure.kind !== 'passing') rest = await this.wait(rest, error, failure.kind === 'broken');
        if (block === null || !(await this.isStored(block))) continue;
      }
      return this.settle(rest);
    }
    for (const waiting of this.stopping ? batch : []) waiting.fail(new Problem('server.busy'));
  }

  private async flush(batch: readonly Waiting[], block: AuditBlock | null): Promise<void> {
    const records = batch.map(({ record }) => record);
    const at = this.nextAt();
    const query = flushQuery(records, { block, at, entries: sealedOf(batch) });
    await this.connection.commit(query, {
      jobs: records.flatMap(({ jobs = [] }) => jobs),
      causes: records.flatMap(({ causes = [] }) => causes),
      triedAgain: records.flatMap(({ run }) => run?.retryOf ?? []),
      replayed: records.flatMap(({ replayed }) => replayed ?? []),
    });
    if (block !== null) this.head = { n: block.n, hash: block.hash, at };
  }

  /** Whether a block whose commit was left unknown is in the log: in our lane, or in the one that we had to leave. */
  private async isStored(block: AuditBlock): Promise<boolean> {
    if (block.lane === this.name) return endsWith(this.head, block);
    try {
      const text = 'select from audit_block where lane = $1 and n = $2 and hash = $3';
      return (await this.connection.query(text, [block.lane, block.n, block.hash])).length > 0;
    } catch (error) {
      await this.wait([], error, true);
      return !this.stopping && (await this.isStored(block));
    }
  }

  private nextAt(): number {
    return Math.max(this.options.clock.now(), this.head.at);
  }

  private settle(batch: readonly Waiting[]): void {
    for (const waiting of batch) waiting.settle({ kind: 'stored' });
    this.options.onStored(batch.map(({ record }) => record));
  }

  /** A value that can't be stored must not take its neighbours with it. */
  private async halve(batch: Waiting[], error: unknown): Promise<void> {
    if (batch.length === 1) return batch[0]?.fail(error);
    const middle = Math.ceil(batch.length / 2);
    await this.store(batch.slice(0, middle));
    await this.store(batch.slice(middle));
  }

  private async leaveDuplicates(batch: Waiting[], error: unknown): Promise<Waiting[]> {
    const asked = batch.flatMap(({ record: { event } }) => (event?.dedupeKey == null ? [] : [event]));
    try {
      const found = await this.connection.query(
        `select e.endpoint_id, e.dedupe_key, e.event_id, e.run_id
         from unnest($1::text[], $2::text[]) k (endpoint_id, dedupe_key)
         join event_key e using (endpoint_id, dedupe_key)`,
        [asked.map((event) => event.endpoint), asked.map((event) => event.dedupeKey)],
      );
      const firsts = new Map(found.map((row) => [`${textOf(row, 'endpoint_id')} ${textOf(row, 'dedupe_key')}`, row]));
      return batch.filter(({ record: { event }, settle }) => {
        const first = firsts.get(`${event?.endpoint} ${event?.dedupeKey}`);
        if (first === undefined) return true;
        settle({
          kind: 'duplicate',
          eventId: textOf(first, 'event_id'),
          runId: first['run_id'] === null ? null : textOf(first, 'run_id'),
        });
        return false;
      });
    } catch {
      return await this.wait(batch, error, true);
    }
  }

  private async makePlace(batch: Waiting[], error: unknown): Promise<Waiting[]> {
    try {
      const runner = { query: (text: string, values: unknown[] = []) => this.connection.query(text, values) };
      await makeDays(runner, daysOf(batch.map(({ record }) => record)), this.nextAt());
      return batch;
    } catch {
      return await this.wait(batch, error, true);
    }
  }

  /** Waits until the database takes writes again. What would begin a run is turned away unless it may be stored already. */
  private async wait(batch: Waiting[], error: unknown, broken: boolean): Promise<Waiting[]> {
    this.options.onTrouble(error);
    this.down = true;
    const going = broken ? batch : turnAway(batch, error);
    for (let pause = broken ? 50 : 500; !this.stopping; pause = Math.min(pause * 2, 2000)) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      try {
        await this.connection.close();
        await this.open();
        break;
      } catch (again) {
        this.options.onTrouble(again);
      }
    }
    this.down = false;
    return going;
  }
}

/** Whether a record starts something that can still be turned away. */
export function begins(record: JournalRecord): boolean {
  return record.event !== undefined || record.run !== undefined;
}

function sealedOf(batch: readonly Waiting[]): SealedEntry[] {
  return batch.flatMap(({ sealed }) => sealed);
}

function turnAway(batch: Waiting[], cause: unknown): Waiting[] {
  const [beginning, going] = [
    batch.filter(({ record }) => begins(record)),
    batch.filter(({ record }) => !begins(record)),
  ];
  for (const waiting of beginning) waiting.fail(new Problem('server.busy', { cause }));
  return going;
}

function leave(batch: Waiting[], runs: readonly string[]): Waiting[] {
  const lost = new Set(runs);
  return batch.filter(({ record, settle }) => {
    if (!lost.has(record.fence?.run ?? record.update?.run ?? '')) return true;
    settle({ kind: 'fenced-out' });
    return false;
  });
}

function gather(lastFlush: number): Promise<void> {
  return new Promise((resolve) => {
    if (lastFlush > manyRecords) setTimeout(resolve, gatherMs);
    else setImmediate(resolve);
  });
}

/** A text column of a row. */
function textOf(row: Readonly<Record<string, unknown>>, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`The column ${column} holds no text.`);
  return value;
}
