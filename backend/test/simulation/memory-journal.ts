import type { JournalRecord, Stored } from '../../src/journal/records.js';
import { Problem } from '../../src/platform/problem.js';
import type { Machine } from './machine.js';
import type { News } from './news.js';
import type { Tables } from './tables.js';

interface Waiting {
  record: JournalRecord;
  settle(stored: Stored): void;
  fail(error: unknown): void;
}

/**
 * The journal's promises without its SQL: a record is stored whole or not at all, those of a run in their order, those
 * of whoever lost the run never; a flush of unknown end is asked for again, and stored once.
 */
export class MemoryJournal {
  private readonly queue: Waiting[] = [];
  private busy = false;
  private down = false;

  constructor(
    private readonly rooms: {
      machine: Machine;
      tables: Tables;
      news: News;
      /** A run is on its way to its bed. */
      onParking(run: string, machine: Machine): void;
    },
  ) {}

  hasRoom(): boolean {
    return !this.down;
  }

  append(record: JournalRecord): Promise<Stored> {
    if (record.update?.status === 'waiting') this.rooms.onParking(record.update.run, this.rooms.machine);
    return new Promise((settle, fail) => {
      if (begins(record) && this.down) return fail(new Problem('server.busy'));
      this.queue.push({ record, settle, fail });
      if (this.busy) return;
      this.busy = true;
      this.rooms.machine.timers.soon(() => void this.drain());
    });
  }

  private async drain(): Promise<void> {
    while (this.queue.length > 0) await this.flush(this.queue.splice(0));
    this.busy = false;
  }

  private async flush(batch: Waiting[]): Promise<void> {
    const { machine, tables } = this.rooms;
    const committed = new Map<Waiting, Stored>();
    for (let rest = batch; ; ) {
      try {
        await machine.askDatabase('flush', async () => {
          // A flush that is asked for again because its end was unknown finds its block.
          if (committed.size === 0) await tables.alone(() => storeAll(tables, rest, committed));
        });
        break;
      } catch {
        this.down = true;
        // What was surely not stored and only begins something is turned away at times.
        if (committed.size === 0 && machine.world.chance.happens(0.3)) rest = turnAway(rest);
        await machine.timers.sleep(200);
      }
      if (rest.length === 0) break;
    }
    this.down = false;
    for (const [{ record, settle }, stored] of committed) {
      if (stored.kind === 'stored') this.publish(record);
      settle(stored);
    }
  }

  private publish({ answers = [] }: JournalRecord): void {
    if (answers.length > 0)
      this.rooms.news.tell(
        'answers',
        answers.map(({ run }) => run),
      );
  }
}

function begins({ event, run }: JournalRecord): boolean {
  return event !== undefined || run !== undefined;
}

function turnAway(batch: Waiting[]): Waiting[] {
  for (const { record, fail } of batch) if (begins(record)) fail(new Problem('server.busy'));
  return batch.filter(({ record }) => !begins(record));
}

/** One flush: its fences see what was committed before it. */
function storeAll(tables: Tables, batch: readonly Waiting[], results: Map<Waiting, Stored>): void {
  const fresh = batch.filter((waiting) => {
    const isStale = isFencedOut(tables, waiting.record);
    if (isStale) results.set(waiting, { kind: 'fenced-out' });
    return !isStale;
  });
  for (const waiting of fresh) results.set(waiting, store(tables, waiting.record));
}

function isFencedOut(tables: Tables, { fence, update }: JournalRecord): boolean {
  const wanted = fence ?? update;
  if (wanted === undefined) return false;
  const row = tables.runs.get(wanted.run);
  return row?.owner !== wanted.owner || row.epoch !== wanted.epoch;
}

function store(tables: Tables, record: JournalRecord): Stored {
  const { event, run, update, entries, payloads = [], children = [], asks = [], answers = [], jobs = [] } = record;
  if (event !== undefined) {
    const key = `${event.endpoint} ${event.dedupeKey}`;
    const first = tables.events.get(key);
    if (first !== undefined) return { kind: 'duplicate', eventId: first.id, runId: first.run };
    tables.events.put(key, event);
  }
  for (const row of run === undefined ? children : [run, ...children])
    tables.runs.put(row.id, { ...row, epoch: 0, inLine: row.inLine ? tables.nextPlace() : null });
  if (update !== undefined) {
    const row = tables.runs.get(update.run);
    const { status, error, endedAt, dueAt } = update;
    if (row !== undefined) tables.runs.put(row.id, { ...row, owner: null, status, error, endedAt, dueAt });
  }
  for (const payload of payloads) {
    const key = `${payload.run} ${payload.step} ${payload.attempt} ${payload.kind}`;
    if (tables.payloads.get(key) !== undefined) throw new Error(`The payload ${key} is there already.`);
    tables.payloads.put(key, payload);
  }
  for (const { question: _question, child: _child, ...ask } of asks) {
    const before = tables.asks.get(`${ask.run} ${ask.step}`);
    const { askedAt, until } = ask;
    tables.asks.put(
      `${ask.run} ${ask.step}`,
      before === undefined ? { ...ask, answer: null, answeredAt: null } : { ...before, askedAt, until },
    );
  }
  for (const { run: id, step, answer } of answers) {
    const before = tables.asks.get(`${id} ${step}`);
    if (before !== undefined && before.answer === null)
      tables.asks.put(`${id} ${step}`, { ...before, answer, answeredAt: tables.now() });
  }
  tables.addEntries(entries);
  tables.enqueue(jobs);
  return { kind: 'stored' };
}
