import { Changes } from '../src/platform/changes.js';
import type { BlobStore } from '../src/platform/blobs/blob-store.js';
import { Clock } from '../src/platform/clock.js';
import { type Cell, defaultCell, openPool } from '../src/platform/database/cell.js';
import { Journal } from '../src/journal/journal.js';
import type { Usage } from '../src/journal/usage.js';
import { PgBossQueue } from '../src/journal/queue/pg-boss-queue.js';
import { createTestDatabase } from './database.js';
import type pg from 'pg';

/** A database of its own with a journal, its queue and its news on it, as a process holds them. */
export interface OpenJournal {
  cell: Cell;
  pool: pg.Pool;
  queue: PgBossQueue;
  changes: Changes;
  journal: Journal;
  /** The same again, as another process would hold it. */
  again(options?: JournalChoices): Promise<OpenJournal>;
  close(): Promise<void>;
}

interface JournalChoices {
  lanes?: number;
  clock?: Clock;
  usage?: Usage;
  blobs?: BlobStore;
}

export async function openJournal(options: JournalChoices = {}): Promise<OpenJournal> {
  const database = await createTestDatabase();
  const opened = await open(defaultCell(database.url), options);
  return {
    ...opened,
    async close() {
      await opened.close();
      await database.drop();
    },
  };
}

async function open(cell: Cell, options: JournalChoices): Promise<OpenJournal> {
  const { clock = new Clock() } = options;
  const pool = openPool(cell, 6);
  const changes = new Changes(cell);
  const queue = new PgBossQueue({ cell, supervise: false, onTrouble: () => undefined });
  const journal = new Journal({ cell, changes, queue, ...options, clock });
  await queue.start();
  await changes.start();
  await journal.start();
  return {
    cell,
    pool,
    queue,
    changes,
    journal,
    again: (more = options) => open(cell, more),
    async close() {
      await journal.stop();
      await changes.stop();
      await queue.stop();
      await pool.end();
    },
  };
}
