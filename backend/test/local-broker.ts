import { Counter } from '../src/broker/counter.js';
import { Desk, type DeskParts } from '../src/broker/desk.js';
import type { Dial } from '../src/broker/link.js';
import { LinkedBroker } from '../src/broker/linked-broker.js';
import type { Demand } from '../src/broker/messages.js';
import type { Keyring } from '../src/platform/keys/keyring.js';

/** A line to a desk in the same process. */
export function dialDesk(desk: Desk): Dial<Demand> {
  return ({ receive, lost }) => {
    const counter = new Counter(desk, receive);
    setImmediate(() => counter.greet());
    return {
      send: (demands) => counter.receive(demands),
      close(why) {
        counter.hangUp();
        lost(why);
      },
    };
  };
}

/** The broker in the caller's own process, which is for tests alone. `keyring` is the caller's. */
export async function openLocalBroker({ keyring, desk: parts }: { keyring: Keyring; desk: DeskParts }) {
  const desk = new Desk(parts);
  const key = await keyring.key('', '', 'capability');
  const broker = new LinkedBroker({ key, dial: dialDesk(desk), now: parts.now });
  await broker.open();
  return {
    broker,
    async close() {
      await desk.close();
      await broker.close();
    },
  };
}
