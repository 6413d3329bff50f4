import type { Gate } from '../src/broker/gate.js';
import { refused } from '../src/broker/refusal.js';

/** A gate that is shut when it is asked for the `turn`th time: somebody stopped the call just then. */
export function shutAt(turn: number): Gate {
  let asked = 0;
  return {
    isOpen: () => false,
    async pass() {
      asked += 1;
      if (asked === turn) throw refused('broker.revoked', 'The connection was revoked.');
    },
  };
}
