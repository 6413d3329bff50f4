import type { HttpReply } from '@sluice/shared/connector';
import {
  Broker,
  type BrokerAnswer,
  type BrokerRequest,
  type CallBounds,
  type CallRecord,
  type Capability,
} from '../../src/broker/call.js';
import { late } from '../../src/broker/refusal.js';
import type { Climate } from './climate.js';
import type { Machine } from './machine.js';
import { reply, type Service } from './service.js';

const mostCalls = 8;

/** The way to the service: requests and answers are late, lost, or refused for a while. */
export class MemoryBroker extends Broker {
  private underway = 0;

  constructor(private readonly rooms: { machine: Machine; service: Service; climate: Climate }) {
    super();
  }

  async call(
    capability: Capability,
    request: BrokerRequest,
    { signal, startBy = Infinity }: CallBounds = {},
  ): Promise<BrokerAnswer> {
    const { machine } = this.rooms;
    if (capability.deadline <= machine.clock.now())
      return failure('refused', 'broker.capability_expired', { uncertain: false, record: null });
    this.underway += 1;
    const aborted = new Promise<BrokerAnswer>((resolve) => {
      signal?.addEventListener('abort', () => resolve(failure('unavailable', 'egress.timeout', { uncertain: true })));
    });
    const answer = await Promise.race([
      machine.reach('call', () => this.send(capability, request, startBy), true),
      aborted,
    ]);
    this.underway -= 1;
    return answer;
  }

  mint(claim: Omit<Capability, 'nonce' | 'mac'>): Capability {
    return { ...claim, nonce: '', mac: '' };
  }

  hasFreeSlot(): boolean {
    return this.underway < mostCalls;
  }

  /** On the service's side: nothing of it hangs on the process that asked. */
  private async send(capability: Capability, request: BrokerRequest, startBy: number): Promise<BrokerAnswer> {
    const { machine, service, climate } = this.rooms;
    const { world } = machine;
    if (request.kind !== 'http') throw new Error('Only HTTP is spoken here.');
    const isBad = machine.isStormy && world.chance.happens(climate.badCall);
    const fate = isBad ? world.chance.pick(['no way', '429', '503', '500 before', '500 after', 'cut', 'late']) : 'good';
    const left = startBy - machine.clock.now();
    const wait = machine.isStormy && world.chance.happens(climate.busyBroker) ? world.chance.between(0, 30_000) : 0;
    if (wait > 0) await new Promise<void>((resolve) => world.after(wait, resolve));
    if (wait > left) return { ok: false, failure: late.failure, record: null };
    if (fate === 'no way') return failure('unavailable', 'egress.unreachable', { uncertain: false });
    if (fate === '429') return good(reply(429, null, { 'retry-after': String(world.chance.int(0, 20)) }));
    if (fate === '503') return good(reply(503, null));
    if (fate === '500 before') return good(reply(500, null));
    const answer = service.handle(request.request, capability);
    if (fate === '500 after') return good(reply(500, null));
    if (fate === 'cut') return failure('unavailable', 'egress.cut', { uncertain: true });
    const ms = fate === 'late' ? world.chance.between(1000, 60_000) : world.chance.between(2, 300);
    await new Promise<void>((resolve) => world.after(ms, resolve));
    return good(answer);
  }
}

const record: CallRecord = {
  host: 'ledger.test',
  method: 'POST',
  path: '/',
  status: null,
  bytesSent: 0,
  bytesReceived: 0,
  milliseconds: 0,
};

function good(answer: HttpReply): BrokerAnswer {
  return { ok: true, kind: 'http', reply: answer, record };
}

function failure(
  kind: 'refused' | 'unavailable',
  code: string,
  { uncertain, record: line = record }: { uncertain: boolean; record?: CallRecord | null },
): BrokerAnswer {
  return { ok: false, failure: { kind, code, message: 'The call went wrong.', uncertain }, record: line };
}
