import pg from 'pg';
import { Clock } from '../../src/platform/clock.js';
import { defaultCell, openPool } from '../../src/platform/database/cell.js';
import { newId } from '../../src/platform/ids.js';
import { Keyring } from '../../src/platform/keys/keyring.js';
import { parseRootKey } from '../../src/platform/keys/root-key.js';
import { chainProblems } from '../audit-chain.js';
import { flowOf, seedFlow, seedWorkspace, type SeededFlow } from '../seed.js';
import { send, type Sent } from '../send.js';
import type { HouseProcess, HouseProgram } from '../spawn-house.js';
import { waitFor } from '../wait-for.js';
import type { EffectClass } from './cells.js';
import { type LedgerService, openLedgerService } from './ledger-service.js';
import { type Fate, fateOf, type Order, problemsOf, steps, type Told } from './orders.js';

export interface Opening {
  url: string;
  program: HouseProgram;
  /** A flow is deployed for each. */
  effects: readonly EffectClass[];
  /** How long a run waits, parked, before its last step. */
  pauseSeconds?: number;
}

interface Rooms extends Opening {
  pool: pg.Pool;
  service: LedgerService;
  flows: ReadonlyMap<EffectClass, SeededFlow>;
}

/** A database, a service that keeps a ledger, a flow for each effect class, and what was sent to them by whatever process lives. */
export class Installation {
  readonly orders: Order[] = [];
  private readonly processes = new Set<HouseProcess>();

  private constructor(private readonly rooms: Rooms) {}

  static async open(opening: Opening): Promise<Installation> {
    const { url, effects, pauseSeconds = 0.05 } = opening;
    const service = await openLedgerService();
    const pool = openPool(defaultCell(url), 2);
    pool.on('error', () => undefined);
    await seedWorkspace(pool);
    const connection = newId('connection');
    await pool.query(
      `insert into connection (id, workspace_id, environment, connector, name, auth_kind, config, hosts, owner_id)
       values ($1, 'wsp_1', 'dev', 'ledger', 'Ledger', 'none', $2, $3, 'mbr_1')`,
      [connection, { host: service.host }, [service.host]],
    );
    const root = parseRootKey(Buffer.alloc(32, 1).toString('base64'), 'test');
    const keyring = new Keyring({ database: pool, root, clock: new Clock() });
    const flows = new Map<EffectClass, SeededFlow>();
    for (const effect of effects) {
      const document = documentOf(effect, pauseSeconds);
      flows.set(effect, await seedFlow({ pool, keyring }, { document, bindings: { api: connection } }));
    }
    return new Installation({ ...opening, service, pool, flows });
  }

  get service(): LedgerService {
    return this.rooms.service;
  }

  get pool(): pg.Pool {
    return this.rooms.pool;
  }

  /** `fault` as SLUICE_FAULT takes it; a lease of 1.5 s unless it is said. */
  async start({ fault = '-', leaseSeconds = 1.5 }: { fault?: string; leaseSeconds?: number } = {}) {
    const { url, service, program } = this.rooms;
    const house = await program.spawn([url, service.host, fault, String(leaseSeconds)]);
    this.processes.add(house);
    void house.gone.then(() => this.processes.delete(house));
    return house;
  }

  order(effect: EffectClass, group: string): Order {
    const order = { name: `${group}_${this.orders.length}`, effect, group, isTaken: false };
    this.orders.push(order);
    return order;
  }

  /** What nobody said is taken. */
  get open(): Order[] {
    return this.orders.filter(({ isTaken }) => !isTaken);
  }

  /** Null when no answer came. */
  async send(house: Pick<HouseProcess, 'url'>, order: Order): Promise<Sent | null> {
    const to = this.rooms.flows.get(order.effect);
    if (to === undefined) throw new Error(`No flow is deployed for ${order.effect}.`);
    const sent = await send({ url: house.url, ...to }, { order: order.name }, { id: `msg_${order.name}` }).catch(
      () => null,
    );
    if (sent !== null && sent.status < 300) order.isTaken = true;
    return sent;
  }

  /** Waits until each run has ended or asks a person. */
  async settled(ms = 120_000): Promise<void> {
    await waitFor(async () => {
      const { rowCount } = await this.rooms.pool
        .query(`select from run where ended_at is null and status <> 'in_doubt' limit 1`)
        .catch(() => ({ rowCount: 1 }));
      return rowCount === 0 ? true : undefined;
    }, ms);
  }

  /** By the service's ledger. */
  async fates(): Promise<Fate[]> {
    const { rows } = await this.rooms.pool.query(
      `select e.message_id, count(*)::int as runs, bool_or(r.status = 'in_doubt') as asked,
              string_agg(r.status || coalesce(' ' || (r.error->>'code'), ''), ', ') as state
       from run r join trigger_event e on e.id = r.event_id group by 1`,
    );
    const told = new Map<string, Told>(
      rows.map(({ message_id, runs, asked, state }) => [message_id, { runs, isAsked: asked, state }]),
    );
    return this.orders.flatMap((order) =>
      order.isTaken ? [fateOf(order, this.service, told.get(`msg_${order.name}`))] : [],
    );
  }

  /** What is wrong with orders that were taken, and with the log: its chains verify, and it knew of each write before it was made. */
  async problems(): Promise<string[]> {
    const { pool, service } = this.rooms;
    const { rows } = await pool.query(`select count(*)::int as n from audit_entry where action = 'step.intent'`);
    const unwritten = service.writes - rows[0].n;
    return [
      ...(await this.fates()).flatMap(problemsOf),
      ...(await chainProblems(pool)),
      ...(unwritten > 0 ? [`${unwritten} writes reached the service without an intent in the log`] : []),
    ];
  }

  /** As the database's owner, who may do what the program may not. */
  async asOwner(sql: string, values: unknown[] = []): Promise<pg.QueryResult> {
    const client = new pg.Client({ connectionString: this.rooms.url, options: '-c search_path=sluice' });
    await client.connect();
    try {
      return await client.query(sql, values);
    } finally {
      await client.end();
    }
  }

  async close(): Promise<void> {
    for (const house of this.processes) {
      house.process.kill('SIGCONT');
      await house.kill();
    }
    await this.rooms.pool.end();
    await this.rooms.service.close();
  }
}

/** Two steps in one go, a pause over which the run is parked, and a third one. */
function documentOf(effect: EffectClass, pauseSeconds: number) {
  const input = (id: string) => ({ line: `{{ trigger.body.order }} ${id}` });
  // Longer than a busy machine lets a held answer wait for the kill.
  const timeoutSeconds = 120;
  const acts = steps.map((id) => ({
    id,
    kind: 'action',
    slot: 'api',
    action: effect,
    input: input(id),
    timeoutSeconds,
  }));
  return flowOf(
    [...acts, { id: 'pause', kind: 'wait', seconds: pauseSeconds }],
    ['hook>one', 'one>two', 'two>pause', 'pause>three'],
    { slots: { api: { connector: 'ledger' } } },
  );
}
