import type { KeyObject } from 'node:crypto';
import { Broker, type BrokerAnswer, type BrokerRequest, type CallBounds, type Capability } from './call.js';
import { mintCapability } from './capability.js';
import { Line } from './line.js';
import type { Dial } from './link.js';
import { type Demand, repliesSchema, type Reply } from './messages.js';
import { PendingCall } from './pending-call.js';
import { toPlainRequest } from './plain-request.js';
import { CallEnded, failed, late, refused } from './refusal.js';

export interface LinkedBrokerParts {
  /** Mints capabilities; the broker has the same. */
  key: KeyObject;
  dial: Dial<Demand>;
  now: () => number;
  /** Hears why the line was lost. */
  report?: (why: string) => void;
  /** Hears of each call that came to nothing. */
  failed?: CallFailed;
}

export type CallFailed = (capability: Capability, answer: Extract<BrokerAnswer, { ok: false }>) => void;

/** Calls under way at a stop get this long to end. */
const patienceMs = 10_000;
const unspeakable = "The request holds something that can't be written down: nothing was sent.";

/** The caller's side of a broker that lives elsewhere. Calls of one event-loop turn travel together, as do their answers. */
export class LinkedBroker extends Broker {
  readonly #key: KeyObject;
  readonly #now: () => number;
  readonly #line: Line<Demand>;
  readonly #report: (why: string) => void;
  readonly #failed: CallFailed;
  readonly #pending = new Map<number, PendingCall>();
  readonly #unsent = new Set<PendingCall>();
  #aborts: Demand[] = [];
  #lastId = 0;
  #isTurnPlanned = false;
  /** Calls that went over this line, and the places that were free when the broker had seen some of them. */
  #sent = 0;
  #room = { free: 0, seen: 0 };
  #closing: PromiseWithResolvers<void> | null = null;

  constructor({ key, dial, now, report = () => undefined, failed: hearFailed = () => undefined }: LinkedBrokerParts) {
    super();
    this.#key = key;
    this.#now = now;
    this.#report = report;
    this.#failed = hearFailed;
    const events = {
      receive: (items: readonly unknown[]) => this.#receive(items),
      up: () => this.#planTurn(),
      down: (why: string) => this.#lose(why),
    };
    this.#line = new Line({ dial, now, events });
  }

  /** Rejects when the broker can't be reached at once; goes on trying all the same. */
  open(): Promise<void> {
    return this.#line.open();
  }

  /** Takes no more calls, lets those under way end, and hangs up. */
  async close(): Promise<void> {
    this.#closing = Promise.withResolvers();
    if (!this.#line.isUp) for (const call of this.#unsent) this.#drop(call);
    const cut = setTimeout(this.#closing.resolve, patienceMs);
    if (this.#pending.size > 0) await this.#closing.promise;
    clearTimeout(cut);
    this.#line.close();
  }

  mint(claim: Omit<Capability, 'nonce' | 'mac'>): Capability {
    return mintCapability(this.#key, claim);
  }

  hasFreeSlot(): boolean {
    if (!this.#line.isUp) return false;
    const unseen = this.#sent - this.#room.seen + this.#unsent.size;
    // While nothing of ours is under way no news come: whoever held the places may have left them.
    return this.#pending.size === 0 || this.#room.free > unseen;
  }

  async call(
    capability: Capability,
    request: BrokerRequest,
    { signal, startBy, isRetry }: CallBounds = {},
  ): Promise<BrokerAnswer> {
    let plain;
    try {
      plain = toPlainRequest(request);
    } catch (error) {
      if (error instanceof CallEnded) return failed(error);
      throw error;
    }
    this.#lastId += 1;
    const demand = { kind: 'call', id: this.#lastId, capability, request: plain, startBy, isRetry } as const;
    const call = new PendingCall(demand, capability.deadline);
    if (this.#closing !== null || signal?.aborted === true) call.settle(call.lost());
    else this.#keep(call, signal);
    const answer = await call.answer;
    if (!answer.ok) this.#failed(capability, answer);
    return answer;
  }

  #keep(call: PendingCall, signal: AbortSignal | undefined): void {
    this.#pending.set(call.demand.id, call);
    this.#unsent.add(call);
    this.#planTurn();
    if (signal === undefined) return;
    const giveUp = () => this.#giveUp(call);
    signal.addEventListener('abort', giveUp, { once: true });
    void call.answer.then(() => signal.removeEventListener('abort', giveUp));
  }

  /** What was handed over already is the broker's to break off: only it knows whether bytes were sent. */
  #giveUp(call: PendingCall): void {
    if (!call.isSent) return this.#drop(call);
    this.#aborts.push({ kind: 'abort', id: call.demand.id });
    this.#planTurn();
  }

  #planTurn(): void {
    if (this.#isTurnPlanned) return;
    this.#isTurnPlanned = true;
    setImmediate(() => this.#handOver());
  }

  #handOver(): void {
    this.#isTurnPlanned = false;
    if (!this.#line.isUp) {
      for (const call of this.#unsent) call.expireUnsent(this.#now(), () => this.#drop(call));
      return;
    }
    const now = this.#now();
    for (const call of this.#unsent) if (call.isLate(now)) this.#settle(call, failed(late));
    const aborts = this.#aborts;
    const calls = [...this.#unsent];
    this.#aborts = [];
    this.#unsent.clear();
    if (aborts.length > 0) this.#line.send(aborts);
    if (calls.length > 0) this.#send(calls);
  }

  #send(calls: readonly PendingCall[]): void {
    try {
      this.#line.send(calls.map(({ demand }) => demand));
      for (const call of calls) call.markSent();
      this.#sent += calls.length;
    } catch {
      // One of them can't be written down: a fault of its connector, and no harm to its neighbours.
      const [call, ...others] = calls;
      if (others.length > 0) for (const one of calls) this.#send([one]);
      else if (call !== undefined) this.#settle(call, failed(refused('broker.bad_request', unspeakable)));
    }
  }

  #receive(items: readonly unknown[]): void {
    const { success, data } = repliesSchema.safeParse(items);
    if (!success) return this.#line.drop('the broker said something that is no answer');
    for (const reply of data) this.#take(reply);
  }

  #take(reply: Reply): void {
    if (reply.kind === 'room') {
      this.#room = reply;
      return;
    }
    const call = this.#pending.get(reply.id);
    if (call !== undefined) this.#settle(call, reply.answer);
  }

  #lose(why: string): void {
    this.#sent = 0;
    this.#aborts = [];
    const isOver = this.#closing !== null;
    for (const call of this.#pending.values()) if (call.isSent || isOver) this.#drop(call);
    this.#planTurn();
    if (!isOver) this.#report(why);
  }

  #drop(call: PendingCall): void {
    this.#settle(call, call.lost());
  }

  #settle(call: PendingCall, answer: BrokerAnswer): void {
    call.settle(answer);
    this.#unsent.delete(call);
    this.#pending.delete(call.demand.id);
    if (this.#pending.size === 0) this.#closing?.resolve();
  }
}
