import type { AuditBlock } from '@sluice/shared/audit';
import pg from 'pg';
import { type Cell, cellOptions } from '../platform/database/cell.js';
import { type ChainHead, emptyChain } from './chain.js';
import { insertCauses, type NoticeCause } from './notice-cause.js';
import type { NewJob } from './records.js';
import { rowsOf } from './rows.js';
import type { SqlRunner } from '../platform/changes.js';

interface Query {
  name?: string;
  text: string;
  values: unknown[];
}

type Enqueue = (tx: SqlRunner, jobs: readonly NewJob[]) => Promise<void>;

/** Each lane has one writer in the whole installation: whoever holds its lock. */
export const laneLock = `hashtext(current_schema() || '.lane')`;

/** A server that says nothing for so long is taken for gone; the lane's lock keeps a flush of its from meeting ours. */
const patienceMs = 30_000;

/**
 * A connection that was cut without a word must not hold its lane for the system's two hours.
 * The flush is planned once: the server would plan it anew for the rows of each, half of what a small one costs. Such a
 * plan is made while the tables are empty and must fit them when they are large, so it may only follow indexes.
 */
const settings = `
set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3;
set plan_cache_mode = force_generic_plan;
set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off`;

/** One lane's connection: it holds the lane's lock for as long as it lives. */
export class LaneConnection {
  private client: pg.Client | null = null;
  private failure: unknown;

  constructor(
    private readonly cell: Cell,
    private readonly enqueue: Enqueue,
  ) {}

  /** Connects and takes the lane of that number, or for null the first one that is free. Answers where its chain ends. */
  async open(lane: number | null, recently: Date): Promise<{ lane: number; head: ChainHead }> {
    const client = new pg.Client({ ...cellOptions(this.cell), keepAlive: true, query_timeout: patienceMs });
    this.failure = undefined;
    client.on('error', (error) => {
      this.failure = error;
    });
    await client.connect();
    try {
      await client.query(settings);
      const taken = await takeLane(client, lane);
      const head = await readHead(client, String(taken), recently);
      this.client = client;
      return { lane: taken, head };
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
  }

  /** Settles after COMMIT. Rejects with pg's error; without a SQLSTATE nobody knows whether it was committed. */
  async commit(flush: Query, jobs: readonly NewJob[], causes: readonly NoticeCause[] = []): Promise<void> {
    const client = this.getClient();
    if (jobs.length === 0 && causes.length === 0) {
      await client.query(flush);
      return;
    }
    await client.query('begin');
    try {
      await client.query(flush);
      if (jobs.length > 0) await this.enqueue(client, jobs);
      await insertCauses(client, causes);
      await client.query('commit');
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      throw error;
    }
  }

  async query(text: string, values: unknown[]): Promise<Record<string, unknown>[]> {
    return rowsOf(await this.getClient().query(text, values));
  }

  async close(): Promise<void> {
    const { client } = this;
    this.client = null;
    if (client === null) return;
    // A connection that was cut without a word never says goodbye.
    await Promise.race([
      client.end().catch(() => undefined),
      new Promise((resolve) => setTimeout(resolve, 1000).unref()),
    ]);
  }

  private getClient(): pg.Client {
    if (this.failure !== undefined) throw this.failure;
    if (this.client === null) throw new Error('The lane is not connected.');
    return this.client;
  }
}

/** Whether the chain already ends with a block, after its commit was left unknown. */
export function endsWith(head: ChainHead, block: AuditBlock): boolean {
  return head.n === block.n && head.hash === block.hash;
}

async function takeLane(client: pg.Client, lane: number | null): Promise<number> {
  if (lane !== null) {
    await client.query(`select pg_advisory_lock(${laneLock}, $1)`, [lane]);
    return lane;
  }
  for (let free = 0; ; free += 1) {
    const { rows } = await client.query(`select pg_try_advisory_lock(${laneLock}, $1) as taken`, [free]);
    if (rows[0]?.taken === true) return free;
  }
}

/** A few days before now. */
export function recently(now: number): Date {
  return new Date(now - 3 * 86_400_000);
}

const blocks = 'select n, hash, extract(epoch from at)::float8 * 1000 as at from audit_block where lane = $1';

/**
 * Where the chain of a lane ends, as the runner's transaction sees it. Most lanes wrote after `recently`, whose few days are
 * asked first; of one that was quiet for long every day is, and of one whose last block was dropped what is left of it.
 */
export async function readHead(runner: SqlRunner, lane: string, recently: Date): Promise<ChainHead> {
  const ask = async (text: string, values: unknown[]) =>
    rowsOf(await runner.query(`${text} order by n desc limit 1`, values))[0];
  const row =
    (await ask(`${blocks} and at >= $2`, [lane, recently])) ??
    (await ask(`${blocks} union all select n, hash, 0 from audit_drop where lane = $1`, [lane]));
  return row === undefined ? emptyChain : { n: Number(row['n']), hash: String(row['hash']), at: Number(row['at']) };
}
