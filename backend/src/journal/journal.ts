import type { BlobStore } from '../platform/blobs/blob-store.js';
import { type Changes, type SqlRunner } from '../platform/changes.js';
import type { Clock } from '../platform/clock.js';
import type { Cell } from '../platform/database/cell.js';
import { dayOf, makeDays } from '../platform/database/partitions.js';
import { Problem } from '../platform/problem.js';
import { nextBlock, sealEntry } from './chain.js';
import { chainQuery } from './flush-statement.js';
import { begins, Lane } from './lane.js';
import { LaneConnection, laneLock, readHead, recently } from './lane-connection.js';
import type { RunQueue } from './queue/run-queue.js';
import { keyOf, RecentEvents } from './recent-events.js';
import type { JournalRecord, NewEntry, NewEvent, Stored } from './records.js';
import { Spill } from './spill.js';
import type { Usage } from './usage.js';

export interface JournalOptions {
  cell: Cell;
  clock: Clock;
  changes: Changes;
  queue: RunQueue;
  /** Connections and chains that this process writes; one where nothing is said. */
  lanes?: number;
  onTrouble?: (error: unknown) => void;
  /** Counts what is stored; without it nobody's storage ends. */
  usage?: Usage;
  /** Where large payloads go; without it they stay in their rows. */
  blobs?: BlobStore | null;
}

const adminLane = 'admin';
const mostRows = 50_000;
const mostBytes = 64 * 1024 * 1024;

/** The one hot write path, and the only writer of the log. */
export class Journal {
  private readonly lanes: Lane[];
  private readonly recent = new RecentEvents();
  private readonly spill: Spill | null;
  private readonly underway = new Map<string, Promise<Stored>>();
  private knownDay = '';
  private rows = 0;
  private bytes = 0;

  constructor(private readonly options: JournalOptions) {
    const { cell, queue, clock, lanes = 1, blobs = null, onTrouble = () => undefined } = options;
    this.spill = blobs === null ? null : new Spill(blobs, onTrouble);
    this.lanes = Array.from(
      { length: lanes },
      () =>
        new Lane(new LaneConnection(cell, (tx, jobs) => queue.enqueue(tx, jobs)), {
          clock,
          onTrouble,
          onStored: (records) => this.publish(records),
        }),
    );
  }

  /** Takes the lanes. Rejects when the database can't be reached; later breaks are mended by itself. */
  async start(): Promise<void> {
    for (const lane of this.lanes) await lane.open();
  }

  /** Stores what was appended, then lets go of the lanes. */
  async stop(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.close()));
  }

  /** Whether something new may begin: ask before work is put into it. */
  hasRoom(): boolean {
    return this.rows < mostRows && this.bytes < mostBytes && this.lanes.every((lane) => lane.isUp);
  }

  /** Whether a workspace has used all of its storage: what begins there is turned away, what is under way goes on. */
  isFull(workspace: string): boolean {
    return this.options.usage?.isFull(workspace) ?? false;
  }

  /**
   * Stores a record whole or not at all and settles after COMMIT. Rejects with Problem('server.busy') when nothing new
   * is taken (runs under way are always taken), with Problem('storage.full'), and with pg's error for a value that can't be stored.
   * Records of one run are stored in the order in which they were appended.
   */
  append(record: JournalRecord): Promise<Stored> {
    const { entries, event } = record;
    if (entries.length === 0) return Promise.reject(new TypeError('Nothing is stored without an entry in the log.'));
    if (event === undefined || event.dedupeKey === null || event.status !== 'accepted') return this.store(record);
    return this.storeOnce(record, event);
  }

  /**
   * Writes entries inside a transaction of the administrative side (READ COMMITTED), so that a change and its entries
   * are committed together. Other writers of this side wait until the transaction ends: call it last. Answers their ids.
   */
  async record(tx: SqlRunner, entries: readonly NewEntry[]): Promise<string[]> {
    const now = this.options.clock.now();
    const sealed = entries.map((entry) => sealEntry(entry, now));
    await tx.query(`select pg_advisory_xact_lock(${laneLock}, -1)`);
    const head = await readHead(tx, adminLane, recently(now));
    const block = nextBlock(adminLane, head, sealed);
    const at = Math.max(now, head.at);
    await this.makeLogDay(tx, at);
    const { text, values } = chainQuery({ block, at, entries: sealed });
    await tx.query(text, values);
    return sealed.map(({ id }) => id);
  }

  /** A flush that finds no table makes it and goes again; somebody else's transaction would be lost by then. */
  private async makeLogDay(tx: SqlRunner, at: number): Promise<void> {
    const day = dayOf(at);
    if (day === this.knownDay) return;
    await makeDays(tx, [], at);
    this.knownDay = day;
  }

  /** The sealed bytes of a payload's row, wherever they lie. */
  async readPayload({ sealed, blob }: { sealed: Buffer | null; blob: string | null }): Promise<Buffer> {
    if (sealed !== null) return sealed;
    const { blobs } = this.options;
    if (blob === null || blobs == null) throw new Error('A payload lies in a blob store that is not configured.');
    return await blobs.get(blob);
  }

  /** Of deliveries with one key only the first goes to the database; the others share its answer. */
  private async storeOnce(record: JournalRecord, event: NewEvent): Promise<Stored> {
    const key = keyOf(event);
    const known = this.recent.find(key);
    if (known !== undefined) return { kind: 'duplicate', ...known };
    const first = this.underway.get(key);
    if (first !== undefined) {
      const outcome = await first.catch(() => null);
      if (outcome?.kind === 'duplicate') return outcome;
      return await this.storeOnce(record, event);
    }
    const storing = this.store(record);
    this.underway.set(key, storing);
    try {
      const stored = await storing;
      if (stored.kind === 'stored') this.recent.add(key, event);
      return stored;
    } finally {
      this.underway.delete(key);
    }
  }

  private store(record: JournalRecord): Promise<Stored> {
    if (begins(record) && !this.hasRoom()) return Promise.reject(new Problem('server.busy', { retryAfterSeconds: 1 }));
    if (begins(record) && this.isFull(record.entries[0]?.workspace ?? ''))
      return Promise.reject(new Problem('storage.full'));
    const { clock, usage } = this.options;
    return new Promise((resolve, reject) => {
      const at = clock.now();
      const sealed = record.entries.map((entry) => sealEntry(entry, at));
      const rows = sealed.length + (record.payloads?.length ?? 0) + 2;
      const bytes = bytesOf(record, sealed);
      this.rows += rows;
      this.bytes += bytes;
      const leave = () => {
        this.rows -= rows;
        this.bytes -= bytes;
      };
      const fail = (error: unknown) => {
        leave();
        reject(error);
      };
      const push = (placed: JournalRecord) =>
        this.laneOf(record).push({
          record: placed,
          sealed,
          rows,
          fail,
          settle(stored) {
            leave();
            if (stored.kind === 'stored') usage?.add(record, sealed, at);
            resolve(stored);
          },
        });
      const placing = this.spill?.place(record) ?? record;
      if (placing instanceof Promise) placing.then(push, fail);
      else push(placing);
    });
  }

  /** Always the same lane for a run, so that its records keep their order. */
  private laneOf(record: JournalRecord): Lane {
    const run = record.run?.id ?? record.fence?.run ?? record.update?.run ?? '';
    const found = this.lanes[run.charCodeAt(run.length - 1) % this.lanes.length] ?? this.lanes[0];
    if (found === undefined) throw new Error('The journal has no lane.');
    return found;
  }

  /** Once a flush: each listener hears of all its runs at once. */
  private publish(records: readonly JournalRecord[]): void {
    const runs = new Set<string>();
    const answered: string[] = [];
    const events: string[] = [];
    let isTold = false;
    for (const { run, update, fence, event, children = [], answers = [], causes = [] } of records) {
      isTold ||= causes.length > 0;
      const id = run?.id ?? update?.run ?? fence?.run;
      if (id !== undefined) runs.add(id);
      for (const child of children) runs.add(child.id);
      for (const answer of answers) answered.push(answer.run);
      if (event !== undefined) events.push(event.id);
    }
    const { changes } = this.options;
    if (runs.size > 0) changes.publish('runs', [...runs]);
    if (answered.length > 0) changes.publish('answers', answered);
    if (isTold) changes.publish('notice-causes', ['']);
    if (events.length > 0) changes.publish('inbox', events);
  }
}

function bytesOf(record: JournalRecord, sealed: readonly { body: string }[]): number {
  let bytes = 0;
  for (const { body } of sealed) bytes += body.length;
  for (const payload of record.payloads ?? []) bytes += payload.sealed.length;
  return bytes;
}
