import type { Changes } from '../src/platform/changes.js';
import type { Clock } from '../src/platform/clock.js';
import { type Cell, openPool } from '../src/platform/database/cell.js';
import { Keyring } from '../src/platform/keys/keyring.js';
import { parseRootKey } from '../src/platform/keys/root-key.js';
import { openLocalBroker } from './local-broker.js';

/** The real broker, with the rights of its own database role, for `openFeatures`. */
export async function openRealBroker(
  { keyring: ours, cell, clock, changes }: { keyring: Keyring; cell: Cell; clock: Clock; changes: Changes },
  allowPrivateHosts: string[],
  doubles: ReadonlyMap<string, string> = new Map(),
) {
  const pool = openPool({ ...cell, role: 'sluice_broker' }, 4);
  const root = parseRootKey(Buffer.alloc(32, 1).toString('base64'), 'test');
  const keyring = new Keyring({ database: pool, root, clock });
  const { broker, close } = await openLocalBroker({
    keyring: ours,
    desk: {
      database: pool,
      keyring,
      changes,
      now: () => clock.now(),
      options: { allowPrivateHosts, doubles },
    },
  });
  return {
    broker,
    async close() {
      await close();
      await pool.end();
    },
  };
}
