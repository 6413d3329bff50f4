import { AsyncResource } from 'node:async_hooks';
import pg from 'pg';
import { type Cell, cellOptions } from './database/cell.js';
import { newId } from './ids.js';

export const changeTopics = [
  'flows',
  /** Who has a flow open, and at which step: the flow's id. */
  'presence',
  'runs',
  'inbox',
  'grants',
  'connections',
  'connectors',
  'environments',
  'deployments',
  'endpoints',
  'members',
  'tokens',
  'kill-switches',
  /** A kill switch lets go: the id of its workspace. */
  'releases',
  /** Keys got a new version, or are wrapped by another root key. */
  'keys',
  'audit',
  /** What members are told of: their ids. */
  'notices',
  /** Something to tell that isn't spread yet. */
  'notice-causes',
  /** A run that its owner shall end: the id of the run. */
  'cancels',
  /** A run one of whose steps got the answer that it waits for: the id of the run. */
  'answers',
] as const;
export type ChangeTopic = (typeof changeTopics)[number];

/** Anything that runs SQL: a pg client or pool, or a TypeORM manager inside its transaction. */
export interface SqlRunner {
  query(text: string, values?: unknown[]): Promise<unknown>;
}

/** Ids that changed; null when too many to say, or when messages may have been missed: then anything may have. */
type Listener = (ids: readonly string[] | null) => void;

const channel = 'sluice_changed';
/** A message holds at most 8,000 bytes. */
const mostIds = 100;
/** Cheap for PostgreSQL (a NOTIFY takes a lock of the whole server), and nobody sees the difference. */
const gatherMs = 150;

/** News of what changed, to every process of the installation: live pages and caches hang on it. */
export class Changes {
  private readonly listeners = new Map<ChangeTopic, Set<Listener>>();
  private readonly pending = new Map<ChangeTopic, Set<string> | null>();
  private readonly sender = newId('process');
  private client: pg.Client | null = null;
  private sending: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(
    private readonly cell: Cell,
    private readonly onTrouble: (error: unknown) => void = () => undefined,
  ) {}

  /** Calls `listener` for each change until the answer is called. */
  on(topic: ChangeTopic, listener: Listener): () => void {
    // Who listens on behalf of a request hears in its scope, not in that of the connection that brings the news.
    const bound = AsyncResource.bind(listener);
    const set = this.listeners.get(topic) ?? new Set();
    this.listeners.set(topic, set.add(bound));
    return () => set.delete(bound);
  }

  /** Tells every process, this one too, once the transaction of `tx` commits (at once for a pool). */
  async notify(tx: SqlRunner, topic: ChangeTopic, id: string): Promise<void> {
    await tx.query('select pg_notify($1, $2)', [channel, JSON.stringify({ topic, ids: [id] })]);
  }

  /** For what is committed already: tells this process now and the others a moment later, many changes in one message. */
  publish(topic: ChangeTopic, ids: readonly string[]): void {
    this.emit(topic, ids);
    const gathered = this.pending.get(topic);
    if (gathered !== null) {
      const all = gathered ?? new Set();
      for (const id of ids) all.add(id);
      this.pending.set(topic, all.size > mostIds ? null : all);
    }
    this.sending ??= setTimeout(() => void this.send(), gatherMs).unref();
  }

  /** Opens the listening connection; rejects when the database can't be reached. Later breaks are mended by itself. */
  async start(): Promise<void> {
    const client = new pg.Client({ ...cellOptions(this.cell), keepAlive: true });
    client.on('notification', ({ payload }) => this.receive(payload ?? ''));
    client.on('error', (error) => this.onTrouble(error));
    await client.connect();
    try {
      // Live news are worth no wait for the disk.
      await client.query('set synchronous_commit = off');
      await client.query(`listen ${channel}`);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    client.once('end', () => void this.restart());
    this.client = client;
    if (this.stopped) await client.end();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.sending !== null) clearTimeout(this.sending);
    await this.client?.end();
  }

  private async restart(): Promise<void> {
    this.client = null;
    for (let wait = 100; !this.stopped; wait = Math.min(wait * 2, 3000)) {
      await new Promise((resolve) => setTimeout(resolve, wait).unref());
      try {
        await this.start();
        for (const topic of changeTopics) this.emit(topic, null);
        return;
      } catch (error) {
        this.onTrouble(error);
      }
    }
  }

  private async send(): Promise<void> {
    this.sending = null;
    const messages = [...this.pending].map(([topic, ids]) =>
      JSON.stringify({ topic, ids: ids === null ? null : [...ids], sender: this.sender }),
    );
    this.pending.clear();
    if (this.client === null) return;
    try {
      await this.client.query('select pg_notify($1, m) from unnest($2::text[]) m', [channel, messages]);
    } catch (error) {
      this.onTrouble(error);
    }
  }

  private receive(payload: string): void {
    const message: unknown = JSON.parse(payload);
    if (!isMessage(message) || message.sender === this.sender) return;
    this.emit(message.topic, message.ids);
  }

  private emit(topic: ChangeTopic, ids: readonly string[] | null): void {
    for (const listener of this.listeners.get(topic) ?? []) listener(ids);
  }
}

function isMessage(value: unknown): value is { topic: ChangeTopic; ids: string[] | null; sender?: string } {
  return typeof value === 'object' && value !== null && 'topic' in value && 'ids' in value;
}
