import type pg from 'pg';
import type { Keyring } from '../../src/platform/keys/keyring.js';
import type { LedgerService } from '../faults/ledger-service.js';
import { flowOf, seedConnection, seedFlow, type SeededFlow } from '../seed.js';
import { send } from '../send.js';

const effects = ['natural', 'keyed', 'unsafe'] as const;
export type SoakEffect = (typeof effects)[number];
const steps = ['one', 'two'];

interface Order {
  name: string;
  effect: SoakEffect;
  isTaken: boolean;
}

export interface Count {
  effect: SoakEffect;
  sent: number;
  taken: number;
  lost: number;
  twice: number;
  inDoubt: number;
}

/** Deliveries at a steady rate, each sent again until it is taken, and what the service's ledger says of them. */
export class Traffic {
  private readonly orders: Order[] = [];
  private readonly flows = new Map<SoakEffect, SeededFlow>();
  private isOver = false;

  constructor(
    private readonly rooms: { pool: pg.Pool; keyring: Keyring; service: LedgerService; doors: readonly string[] },
  ) {}

  async plant(): Promise<void> {
    const { pool, keyring, service } = this.rooms;
    for (const effect of effects) {
      const api = await seedConnection(pool, { host: service.host, keyed: effect === 'keyed' });
      const act = (id: string) => ({
        id,
        kind: 'action',
        slot: 'api',
        action: 'request',
        input: {
          method: effect === 'natural' ? 'PUT' : 'POST',
          url: `http://${service.host}/${effect}`,
          body: { line: `{{ trigger.body.order }} ${id}` },
        },
        retry: { attempts: 20, backoff: 'exponential', firstSeconds: 0.5, maxSeconds: 10 },
      });
      const document = flowOf(
        [act('one'), { id: 'pause', kind: 'wait', seconds: 0.5 }, act('two')],
        ['hook>one', 'one>pause', 'pause>two'],
      );
      this.flows.set(effect, await seedFlow({ pool, keyring }, { document, bindings: { api } }));
    }
  }

  /** Sends until it is told to stop, and then what nobody took yet. */
  async run(perSecond: number): Promise<void> {
    const underWay = new Set<Promise<void>>();
    for (let n = 0; !this.isOver; n += 1) {
      const effect = effects[n % effects.length] ?? 'keyed';
      const order = { name: `o${n}`, effect, isTaken: false };
      this.orders.push(order);
      const sending = this.deliver(order).finally(() => underWay.delete(sending));
      underWay.add(sending);
      await new Promise((resolve) => setTimeout(resolve, 1000 / perSecond));
    }
    await Promise.all(underWay);
  }

  stop(): void {
    this.isOver = true;
  }

  /** By the ledger, and by what people are asked. */
  async count(): Promise<Count[]> {
    const { rows } = await this.rooms.pool.query(
      `select e.message_id from run r join trigger_event e on e.id = r.event_id where r.status = 'in_doubt'`,
    );
    const asked = new Set(rows.map(({ message_id }) => String(message_id).slice(4)));
    return effects.map((effect) => {
      const sent = this.orders.filter((order) => order.effect === effect);
      const taken = sent.filter(({ isTaken }) => isTaken);
      const doneOf = ({ name }: Order) =>
        steps.map((step) => this.rooms.service.lines.get(`${name} ${step}`)?.effects ?? 0);
      const lost = taken.filter((order) => !asked.has(order.name) && doneOf(order).includes(0)).length;
      const twice = taken.filter((order) => doneOf(order).some((n) => n > 1)).length;
      const inDoubt = taken.filter(({ name }) => asked.has(name)).length;
      return { effect, sent: sent.length, taken: taken.length, lost, twice, inDoubt };
    });
  }

  private async deliver(order: Order): Promise<void> {
    const to = this.flows.get(order.effect);
    if (to === undefined) throw new Error('Nothing is planted.');
    for (let nth = 0; !order.isTaken; nth += 1) {
      const url = this.rooms.doors[nth % this.rooms.doors.length] ?? '';
      const asked = send({ url, ...to }, { order: order.name }, { id: `msg_${order.name}` });
      // A process that sleeps answers nobody: a sender's patience ends.
      const patience = new Promise<null>((resolve) => setTimeout(() => resolve(null), 5000).unref());
      const sent = await Promise.race([asked.catch(() => null), patience]);
      if (sent !== null && sent.status < 300) order.isTaken = true;
      else await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
