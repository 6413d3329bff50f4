import type { Config } from '../config/env.js';
import { Changes } from '../platform/changes.js';
import { Clock } from '../platform/clock.js';
import { openPool } from '../platform/database/cell.js';
import { findCell } from '../platform/database/roles.js';
import { Keyring } from '../platform/keys/keyring.js';
import type { Log } from '../platform/log.js';
import { Desk } from './desk.js';
import { type HostPort, normaliseHostname } from './egress/host-port.js';
import { startResealing } from './reseal-secrets.js';
import { keyServicePlaces, openRootKeys } from './root-keys.js';
import { openBlobs } from './s3-blobs.js';

/** Standings and last uses; a standing is asked for once in a second. */
const connections = 4;

/** The broker's inside on a migrated database, with the database rights of a broker. Throws StartProblem. */
export async function openDesk(config: Config, url: string, log: Log): Promise<Desk> {
  const clock = new Clock();
  const cell = await findCell(url, 'sluice_broker');
  const pool = openPool(cell, connections);
  const root = await openRootKeys(config, () => clock.now());
  const changes = new Changes(cell, (error) => log.warn('the database broke off; trying again', { error }));
  const keyring = new Keyring({ database: pool, root, clock, changes });
  await keyring.verify();
  await changes.start();
  // Until the process ends, and with it the broker.
  startResealing({
    pool,
    keyring,
    changes,
    report: (error) => log.warn('secrets keep their old key for now', { error }),
  });
  return new Desk({
    database: pool,
    keyring,
    changes,
    now: () => clock.now(),
    options: {
      allowPrivateHosts: config.allowPrivateHosts,
      doubles: config.doubles,
      mail: config.smtp,
      blobs: openBlobs(config, () => clock.now()),
      ownPlaces: [databasePlace(url), { host: config.host, port: config.port }, ...keyServicePlaces(config)],
    },
    report: (error) => log.error('the broker failed', { error }),
  });
}

function databasePlace(url: string): HostPort {
  const { hostname, port } = new URL(url);
  return { host: normaliseHostname(hostname) ?? '', port: port === '' ? 5432 : Number(port) };
}
