import type pg from 'pg';
import { Clock } from '../../src/platform/clock.js';
import { defaultCell, openPool } from '../../src/platform/database/cell.js';
import { Keyring } from '../../src/platform/keys/keyring.js';
import { parseRootKey } from '../../src/platform/keys/root-key.js';
import { newId } from '../../src/platform/ids.js';
import { chainProblems } from '../audit-chain.js';
import { flowOf, seedFlow, seedWorkspace, type SeededFlow } from '../seed.js';
import { send } from '../send.js';
import type { HouseProcess, HouseProgram } from '../spawn-house.js';
import { waitFor } from '../wait-for.js';
import { type Cell, type EffectClass, type KillPoint } from './cells.js';
import { type LedgerService, openLedgerService } from './ledger-service.js';

const deliveries = 6;
const steps = ['one', 'two'];

interface Order {
  name: string;
  point: KillPoint;
  isTaken: boolean;
}

/** One database and one effect class: process after process is killed over it, and takes up what the last one left. */
export class FaultLane {
  private readonly orders: Order[] = [];
  private readonly kills = new Map<KillPoint, number>();
  private count = 0;

  private constructor(
    private readonly rooms: {
      effect: EffectClass;
      url: string;
      program: HouseProgram;
      service: LedgerService;
      pool: pg.Pool;
      to: SeededFlow;
    },
  ) {}

  static async open(of: { effect: EffectClass; url: string; program: HouseProgram }): Promise<FaultLane> {
    const { effect, url } = of;
    const service = await openLedgerService();
    const pool = openPool(defaultCell(url), 2);
    const root = parseRootKey(Buffer.alloc(32, 1).toString('base64'), 'test');
    await seedWorkspace(pool);
    const connection = newId('connection');
    await pool.query(
      `insert into connection (id, workspace_id, environment, connector, name, auth_kind, config, hosts, owner_id)
       values ($1, 'wsp_1', 'dev', 'ledger', 'Ledger', 'none', $2, $3, 'mbr_1')`,
      [connection, { host: service.host }, [service.host]],
    );
    const act = (id: string) => ({
      id,
      kind: 'action',
      slot: 'api',
      action: effect,
      input: { line: `{{ trigger.body.order }} ${id}` },
    });
    const document = flowOf(
      [act('one'), { id: 'pause', kind: 'wait', seconds: 0.05 }, act('two')],
      ['hook>one', 'one>pause', 'pause>two'],
      { slots: { api: { connector: 'ledger' } } },
    );
    const keyring = new Keyring({ database: pool, root, clock: new Clock() });
    const to = await seedFlow({ pool, keyring }, { document, bindings: { api: connection } });
    return new FaultLane({ ...of, service, pool, to });
  }

  /** Starts a process, sends it deliveries, and has it die at this point at a moment of chance. */
  async kill(point: KillPoint): Promise<void> {
    const { program, url, service } = this.rooms;
    const nth = 1 + Math.floor(Math.random() * deliveries);
    const isInside = point !== 'bytes-sent';
    const house = await program.spawn([url, service.host, ...(isInside ? [`${point}:exit:${nth}`] : [])]);
    if (!isInside) this.killAtWrite(house, nth);
    let isGone = false;
    const gone = house.gone.then(() => {
      isGone = true;
    });
    // What a process before this one did not answer is sent again, as a sender does.
    const open = this.orders.filter(({ isTaken }) => !isTaken);
    const fresh = Array.from({ length: deliveries }, () => this.newOrder(point));
    const sending = [...open, ...fresh].map((order) => this.send(house, order));
    while (!isGone) {
      await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 2000))]);
      if (!isGone) sending.push(this.send(house, this.newOrder(point)));
    }
    await Promise.all(sending);
    service.onWrite = () => true;
    this.kills.set(point, (this.kills.get(point) ?? 0) + 1);
  }

  /** Lets a process that nobody kills end everything, and counts by the service's ledger. */
  async settle(): Promise<{ cells: Cell[]; chain: string[] }> {
    const { program, url, service, pool, effect } = this.rooms;
    const house = await program.spawn([url, service.host]);
    const open = this.orders.filter(({ isTaken }) => !isTaken);
    await Promise.all(open.map((order) => this.send(house, order)));
    const doubts = await waitFor(async () => {
      const { rows } = await pool.query(
        `select status, count(*)::int as n from run where ended_at is null group by status`,
      );
      return rows.every(({ status }) => status === 'in_doubt') ? (rows[0]?.n ?? 0) : undefined;
    }, 120_000);
    const asked = await this.doubtful();
    if (asked.size !== doubts) throw new Error(`${doubts} runs are in doubt, and ${asked.size} are known.`);
    const chain = await chainProblems(pool);
    await house.kill();
    const cells = [...this.kills].map(([point, kills]): Cell => {
      const taken = this.orders.filter((order) => order.point === point && order.isTaken);
      const linesOf = ({ name }: Order) => steps.map((step) => service.lines.get(`${name} ${step}`)?.effects ?? 0);
      const twice = taken.filter((order) => linesOf(order).some((n) => n > 1)).length;
      const isLost = (order: Order) => !asked.has(order.name) && linesOf(order).some((n) => n === 0);
      const inDoubt = taken.filter(({ name }) => asked.has(name)).length;
      return { point, effect, kills, taken: taken.length, lost: taken.filter(isLost).length, twice, inDoubt };
    });
    return { cells, chain };
  }

  async close(): Promise<void> {
    await this.rooms.pool.end();
    await this.rooms.service.close();
  }

  private killAtWrite(house: HouseProcess, nth: number): void {
    let left = nth;
    this.rooms.service.onWrite = () => {
      left -= 1;
      if (left === 0) house.process.kill('SIGKILL');
      return left > 0;
    };
  }

  private newOrder(point: KillPoint): Order {
    this.count += 1;
    const order = { name: `${point}_${this.count}`, point, isTaken: false };
    this.orders.push(order);
    return order;
  }

  private async send(house: HouseProcess, order: Order): Promise<void> {
    const { to } = this.rooms;
    const sent = await send({ url: house.url, ...to }, { order: order.name }, { id: `msg_${order.name}` }).catch(
      () => null,
    );
    if (sent !== null && sent.status < 300) order.isTaken = true;
  }

  /** Orders whose runs ask a person, by the message that began them. */
  private async doubtful(): Promise<Set<string>> {
    const { rows } = await this.rooms.pool.query(
      `select e.message_id from run r join trigger_event e on e.id = r.event_id where r.status = 'in_doubt'`,
    );
    return new Set(rows.map(({ message_id }) => String(message_id).slice(4)));
  }
}
