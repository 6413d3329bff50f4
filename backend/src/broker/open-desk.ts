import type { Config } from '../config/env.js';
import { Changes } from '../platform/changes.js';
import { Clock } from '../platform/clock.js';
import { openPool } from '../platform/database/cell.js';
import { findCell } from '../platform/database/roles.js';
import { Keyring } from '../platform/keys/keyring.js';
import { loadRootKey } from '../platform/keys/root-key.js';
import type { Log } from '../platform/log.js';
import { Desk } from './desk.js';

/** Standings and last uses; a standing is asked for once in a second. */
const connections = 4;

/** The broker's inside on a migrated database, with the database rights of a broker. Throws StartProblem. */
export async function openDesk(config: Config, url: string, log: Log): Promise<Desk> {
  const clock = new Clock();
  const cell = await findCell(url, 'sluice_broker');
  const pool = openPool(cell, connections);
  const root = await loadRootKey({ given: config.rootKey, dataDir: config.dataDir });
  const keyring = new Keyring({ database: pool, root, clock });
  await keyring.verify();
  const changes = new Changes(cell, (error) => log.warn('the database broke off; trying again', { error }));
  await changes.start();
  return new Desk({
    database: pool,
    keyring,
    changes,
    now: () => clock.now(),
    options: { allowPrivateHosts: config.allowPrivateHosts, doubles: config.doubles, mail: config.smtp },
    report: (error) => log.error('the broker failed', { error }),
  });
}
