import type { BrokerAnswer } from './call.js';
import type { Desk } from './desk.js';
import { capabilitySchema, type Demand, demandsSchema, plainRequestSchema, type Reply } from './messages.js';
import { failed, refused } from './refusal.js';

/** Where the desk meets one caller: calls come in and answers go out as they gather in a turn of the event loop. */
export class Counter {
  readonly #desk: Desk;
  readonly #send: (replies: readonly Reply[]) => void;
  readonly #underWay = new Map<number, AbortController>();
  #answers: Reply[] = [];
  #seen = 0;
  #isOver = false;

  constructor(desk: Desk, send: (replies: readonly Reply[]) => void) {
    this.#desk = desk;
    this.#send = send;
  }

  /** The caller may begin. */
  greet(): void {
    this.#send([this.#room()]);
  }

  /** Throws when this is nothing that a caller says: then hang up. */
  receive(items: readonly unknown[]): void {
    const { success, data } = demandsSchema.safeParse(items);
    if (!success) throw new Error('it is nothing that a caller says');
    for (const demand of data) {
      if (demand.kind === 'abort') this.#underWay.get(demand.id)?.abort();
      else this.#take(demand);
    }
  }

  /** Whoever lost this caller may do its calls again, so none may go out late. */
  hangUp(): void {
    this.#isOver = true;
    for (const controller of this.#underWay.values()) controller.abort();
  }

  #take(call: Extract<Demand, { kind: 'call' }>): void {
    if (this.#underWay.has(call.id)) throw new Error('the number of a call is taken');
    this.#seen += 1;
    const controller = new AbortController();
    this.#underWay.set(call.id, controller);
    void this.#answer(call, controller.signal).then((answer) => {
      this.#underWay.delete(call.id);
      if (this.#answers.push({ kind: 'answer', id: call.id, answer }) === 1) setImmediate(() => this.#handOver());
    });
  }

  async #answer(call: Extract<Demand, { kind: 'call' }>, signal: AbortSignal): Promise<BrokerAnswer> {
    const capability = capabilitySchema.safeParse(call.capability);
    const request = plainRequestSchema.safeParse(call.request);
    if (!capability.success || !request.success) {
      return failed(refused('broker.bad_request', 'The call is none that the broker knows: nothing was sent.'));
    }
    const { startBy, isRetry } = call;
    return await this.#desk.answer({ capability: capability.data, request: request.data, startBy, isRetry, signal });
  }

  #handOver(): void {
    const answers = this.#answers;
    this.#answers = [];
    if (!this.#isOver) this.#send([...answers, this.#room()]);
  }

  #room(): Reply {
    return { kind: 'room', free: this.#desk.outlet.bulkhead.free, seen: this.#seen };
  }
}
