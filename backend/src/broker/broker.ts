import type { KeyObject } from 'node:crypto';
import { Broker, type BrokerAnswer, type BrokerRequest, type Capability } from './call.js';
import { mintCapability } from './capability.js';
import { Desk, type DeskParts } from './desk.js';
import type { BrokerCall } from './outlet.js';
import { Vault } from './vault.js';

interface Pending extends BrokerCall {
  settle(answer: Promise<BrokerAnswer>): void;
}

/** The broker in the caller's own process. Calls of one event-loop turn are handed over as one array. */
class LocalBroker extends Broker {
  readonly #desk: Desk;
  readonly #key: KeyObject;
  #batch: Pending[] = [];

  constructor(desk: Desk, key: KeyObject) {
    super();
    this.#desk = desk;
    this.#key = key;
  }

  call(capability: Capability, request: BrokerRequest, signal?: AbortSignal): Promise<BrokerAnswer> {
    return new Promise((settle) => {
      if (this.#batch.push({ capability, request, signal, settle }) === 1) setImmediate(() => this.#handOver());
    });
  }

  mint(claim: Omit<Capability, 'nonce' | 'mac'>): Capability {
    return mintCapability(this.#key, claim);
  }

  hasFreeSlot(): boolean {
    return this.#desk.outlet.bulkhead.hasFreeSlot();
  }

  #handOver(): void {
    const batch = this.#batch;
    this.#batch = [];
    const answers = this.#desk.handle(batch);
    for (const [at, { settle }] of batch.entries()) {
      const answer = answers[at];
      if (answer !== undefined) settle(answer);
    }
  }
}

export interface OpenBroker {
  broker: Broker;
  vault: Vault;
  /** Calls under way are cut. */
  close(): Promise<void>;
}

/** The broker and the vault of this process. Throws StartProblem, or Error when an option can't be read. */
export async function openBroker(parts: DeskParts): Promise<OpenBroker> {
  const desk = new Desk(parts);
  const broker = new LocalBroker(desk, await parts.keyring.key('', '', 'capability'));
  return { broker, vault: new Vault(parts.keyring), close: () => desk.close() };
}
