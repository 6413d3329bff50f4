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

/** What few flushes bring, and is committed with them. */
interface Beside {
  jobs?: readonly NewJob[];
  causes?: readonly NoticeCause[];
  /** Runs that a new one tries again. */
  triedAgain?: readonly string[];
  /** Replays of deliveries that ended well. */
  replayed?: readonly string[];
}

type Enqueue = (tx: SqlRunner, jobs: readonly NewJob[]) => Promise<void>;

/** Each lane has one writer in the whole installation: whoever holds its lock. */
export const laneLock = `hashtext(current_schema() || '.lane')`;

/** A server that says nothing for so long is taken for gone; the lane's lock keeps a flush of its from meeting ours. */
const patienceMs = 30_000;
/** Between two looks whether our connection before is gone. */
const lingerMs = 50;

/**
 * A connection that was cut without a word must not hold its lane for the system's two hours.
 * The flush is planned once: the server would plan it anew for the rows of each, half of what a small one costs. Such a
 * plan is made while the tables are empty and must fit them when they are large, so it may only follow indexes.
 */
const settings = `
set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3;
set plan_cache_mode = force_generic_plan;
set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off`;

/** A connection as the server knows it: the number of its process, which another may bear after it. */
interface Backend {
  pid: number;
  since: string;
}

/** One lane's connection: it holds the lane's lock for as long as it lives. */
export class LaneConnection {
  private client: pg.Client | null = null;
  /** The connection before, whose last flush may be under way on the server although we hear of it no more. */
  private before: Backend | null = null;
  private failure: unknown;

  constructor(
    private readonly cell: Cell,
    private readonly enqueue: Enqueue,
  ) {}

  /**
   * Connects and takes the lane of that number, or for null the first one that is free. Answers where its chain ends. Where
   * another process has taken the lane meanwhile it answers a free one: what we last wrote there is stored or never will be.
   */
  async open(lane: number | null, recently: Date): Promise<{ lane: number; head: ChainHead }> {
    const client = new pg.Client({ ...cellOptions(this.cell), keepAlive: true, query_timeout: patienceMs });
    this.failure = undefined;
    client.on('error', (error) => {
      this.failure = error;
    });
    await client.connect();
    try {
      await client.query(settings);
      const taken = await takeLane(client, lane, this.before);
      const head = await readHead(client, String(taken), recently);
      this.before = await backendOf(client);
      this.client = client;
      return { lane: taken, head };
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
  }

  /** Settles after COMMIT. Rejects with pg's error; without a SQLSTATE nobody knows whether it was committed. */
  async commit(flush: Query, { jobs = [], causes = [], triedAgain = [], replayed = [] }: Beside = {}): Promise<void> {
    const client = this.getClient();
    if ([jobs, causes, triedAgain, replayed].every((beside) => beside.length === 0)) {
      await client.query(flush);
      return;
    }
    await client.query('begin');
    try {
      await client.query(flush);
      if (jobs.length > 0) await this.enqueue(client, jobs);
      await insertCauses(client, causes);
      await markTriedAgain(client, triedAgain);
      await markReplayed(client, replayed);
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

/** A run that is tried again is no dead letter: its retry stands for it. Only the days between its runs are opened. */
async function markTriedAgain(client: pg.Client, runs: readonly string[]): Promise<void> {
  if (runs.length === 0) return;
  const [first] = runs.toSorted();
  const last = runs.toSorted().at(-1);
  await client.query('update run set tried_again = true where id = any($1) and id between $2 and $3', [
    runs,
    first,
    last,
  ]);
}

/** What a delivery began before a replay of it ended well is no dead letter: the first run, its retries, other replays. */
async function markReplayed(client: pg.Client, replays: readonly string[]): Promise<void> {
  if (replays.length === 0) return;
  await client.query(
    `with event as (select e.id, e.run_id from run r join trigger_event e on e.id = r.event_id where r.id = any($1))
     update run set tried_again = true where status in ('failed', 'cancelled') and id in (
       select run_id from event
       union all select r.id from event e join run r on r.event_id = e.id and r.started_by in ('retry', 'replay'))`,
    [replays],
  );
}

/** Whether the chain already ends with a block, after its commit was left unknown. */
export function endsWith(head: ChainHead, block: AuditBlock): boolean {
  return head.n === block.n && head.hash === block.hash;
}

async function takeLane(client: pg.Client, lane: number | null, before: Backend | null): Promise<number> {
  while (lane !== null) {
    const { rows } = await client.query(
      `select pg_try_advisory_lock(${laneLock}, $1) as taken, exists (
         select from pg_stat_activity where pid = $2 and backend_start = $3::timestamptz) as lingers`,
      [lane, before?.pid ?? null, before?.since ?? null],
    );
    if (rows[0]?.taken === true) return lane;
    if (rows[0]?.lingers !== true) break;
    await new Promise((resolve) => setTimeout(resolve, lingerMs));
  }
  for (let free = 0; ; free += 1) {
    const { rows } = await client.query(`select pg_try_advisory_lock(${laneLock}, $1) as taken`, [free]);
    if (rows[0]?.taken === true) return free;
  }
}

async function backendOf(client: pg.Client): Promise<Backend> {
  const { rows } = await client.query<Backend>(
    'select pid, backend_start::text as since from pg_stat_activity where pid = pg_backend_pid()',
  );
  const [backend] = rows;
  if (backend === undefined) throw new Error('The server does not know our connection.');
  return backend;
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
