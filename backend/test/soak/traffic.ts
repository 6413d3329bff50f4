import type pg from 'pg';
import type { Keyring } from '../../src/platform/keys/keyring.js';
import { Vault } from '../../src/broker/call.js';
import { newId } from '../../src/platform/ids.js';
import type { LedgerService } from '../faults/ledger-service.js';
import { flowOf, seedConnection, seedFlow, type SeededFlow } from '../seed.js';
import { send } from '../send.js';
import { fingerprintOf } from '../ssh-server.js';
import type { FileServer } from './file-server.js';

const effects = ['natural', 'keyed', 'checkable', 'unsafe'] as const;
export type SoakEffect = (typeof effects)[number];
const steps = ['one', 'two'];

/** Of ten deliveries one comes several times at once, as senders do that try again too soon. */
const copiesOf = (n: number) => (n % 10 === 0 ? 3 : 1);

interface Order {
  name: string;
  copies: number;
  effect: SoakEffect;
  isTaken: boolean;
}

export interface Count {
  effect: SoakEffect;
  sent: number;
  taken: number;
  completed: number;
  failed: number;
  lost: number;
  twice: number;
  inDoubt: number;
}

interface Rooms {
  pool: pg.Pool;
  keyring: Keyring;
  service: LedgerService;
  /** What a checkable step moves about: whoever moves twice finds nothing to move, and fails. */
  files: FileServer;
  doors: readonly string[];
}

/** Deliveries at a steady rate, each sent again until it is taken, and what the service's ledger says of them. */
export class Traffic {
  private readonly orders: Order[] = [];
  private readonly flows = new Map<SoakEffect, SeededFlow>();
  private isOver = false;

  constructor(private readonly rooms: Rooms) {}

  async plant(): Promise<void> {
    const { pool, keyring } = this.rooms;
    for (const effect of effects) {
      const isOfFiles = effect === 'checkable';
      const api = isOfFiles ? await this.seedFiles() : await this.seedService(effect);
      const act = (id: string) => ({
        id,
        kind: 'action',
        slot: 'api',
        ...(isOfFiles ? moveOf(id) : this.requestOf(id, effect)),
        retry: { attempts: 20, backoff: 'exponential', firstSeconds: 0.5, maxSeconds: 10 },
      });
      const document = flowOf(
        [act('one'), { id: 'pause', kind: 'wait', seconds: 0.5 }, act('two')],
        ['hook>one', 'one>pause', 'pause>two'],
        { slots: { api: { connector: isOfFiles ? 'sftp' : 'http' } } },
      );
      this.flows.set(effect, await seedFlow({ pool, keyring }, { document, bindings: { api } }));
    }
  }

  /** Sends until it is told to stop, and then what nobody took yet. */
  async run(perSecond: number): Promise<void> {
    const underWay = new Set<Promise<void>>();
    for (let n = 0; !this.isOver; n += 1) {
      const effect = effects[n % effects.length] ?? 'keyed';
      const order = { name: `o${n}`, copies: copiesOf(n), effect, isTaken: false };
      this.orders.push(order);
      if (effect === 'checkable') for (const step of steps) this.rooms.files.put(`${order.name} ${step}`);
      const sending = this.deliver(order).finally(() => underWay.delete(sending));
      underWay.add(sending);
      await new Promise((resolve) => setTimeout(resolve, 1000 / perSecond));
    }
    await Promise.all(underWay);
  }

  stop(): void {
    this.isOver = true;
  }

  /** By the ledgers, and by what people are asked. */
  async count(): Promise<Count[]> {
    const { pool, service, files } = this.rooms;
    const { rows } = await pool.query(
      `select e.message_id, r.status from run r join trigger_event e on e.id = r.event_id`,
    );
    const statusOf = new Map(rows.map(({ message_id, status }) => [String(message_id).slice(4), status]));
    return effects.map((effect) => {
      const { lines } = effect === 'checkable' ? files : service;
      const sent = this.orders.filter((order) => order.effect === effect);
      const taken = sent.filter(({ isTaken }) => isTaken);
      const having = (status: string) => taken.filter(({ name }) => statusOf.get(name) === status).length;
      const doneOf = ({ name }: Order) => steps.map((step) => lines.get(`${name} ${step}`)?.effects ?? 0);
      const isAsked = ({ name }: Order) => statusOf.get(name) === 'in_doubt';
      return {
        effect,
        sent: sent.length,
        taken: taken.length,
        completed: having('succeeded'),
        failed: having('failed'),
        lost: taken.filter((order) => !isAsked(order) && doneOf(order).includes(0)).length,
        twice: taken.filter((order) => doneOf(order).some((n) => n > 1)).length,
        inDoubt: having('in_doubt'),
      };
    });
  }

  private seedService(effect: SoakEffect): Promise<string> {
    const { pool, service } = this.rooms;
    return seedConnection(pool, { host: service.host, keyed: effect === 'keyed' });
  }

  /** A connection whose server's key is approved, with a key of its own. */
  private async seedFiles(): Promise<string> {
    const { pool, keyring, files } = this.rooms;
    const id = newId('connection');
    const config = { host: '127.0.0.1', port: files.port, directory: '/', hostKey: fingerprintOf('ed25519') };
    await pool.query(
      `insert into connection (id, workspace_id, environment, connector, name, auth_kind, config, hosts, owner_id, secret_version)
       values ($1, 'wsp_1', 'dev', 'sftp', 'Files', 'sshKey', $2, $3, 'mbr_1', 1)`,
      [id, config, [files.host]],
    );
    const secret = { id, workspace: 'wsp_1', environment: 'dev', version: 1 };
    await new Vault(keyring).putSecret(pool, secret, { kind: 'sshKey', username: 'soak' });
    return id;
  }

  private requestOf(id: string, effect: SoakEffect): object {
    const method = effect === 'natural' ? 'PUT' : 'POST';
    const body = { line: `{{ trigger.body.order }} ${id}` };
    return { action: 'request', input: { method, url: `http://${this.rooms.service.host}/${effect}`, body } };
  }

  private async deliver(order: Order): Promise<void> {
    const to = this.flows.get(order.effect);
    if (to === undefined) throw new Error('Nothing is planted.');
    for (let nth = 0; !order.isTaken; nth += 1) {
      const url = this.rooms.doors[nth % this.rooms.doors.length] ?? '';
      const asked = Array.from({ length: order.copies }, async () => {
        const { status } = await send({ url, ...to }, { order: order.name }, { id: `msg_${order.name}` });
        if (status >= 300) throw new Error(`It was answered ${status}.`);
        return true;
      });
      // A process that sleeps answers nobody: a sender's patience ends.
      const patience = new Promise<false>((resolve) => setTimeout(() => resolve(false), 5000).unref());
      if (await Promise.race([Promise.any(asked).catch(() => false), patience])) order.isTaken = true;
      else await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

function moveOf(id: string): object {
  const name = `{{ trigger.body.order }} ${id}`;
  return { action: 'files.move', input: { from: `/in/${name}`, to: `/done/${name}` } };
}
