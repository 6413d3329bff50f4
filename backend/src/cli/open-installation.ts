import { existsSync } from 'node:fs';
import pg from 'pg';
import { openRootKeys } from '../broker/root-keys.js';
import type { Config } from '../config/env.js';
import { StartProblem } from '../config/start-problem.js';
import { Journal } from '../journal/journal.js';
import { PgBossQueue } from '../journal/queue/pg-boss-queue.js';
import { Changes } from '../platform/changes.js';
import { Clock } from '../platform/clock.js';
import { type Cell, openPool } from '../platform/database/cell.js';
import { findCell } from '../platform/database/roles.js';
import { Keyring } from '../platform/keys/keyring.js';
import { startCluster } from '../platform/postgres/cluster.js';
import { findPlacement } from '../platform/postgres/placement.js';
import { findPostmaster } from '../platform/postgres/postmaster.js';
import { databaseName, readPassword, urlOf } from '../platform/postgres/session.js';

/** What commands need of an installation, whether or not it runs meanwhile. */
export interface Installation {
  cell: Cell;
  clock: Clock;
  /** With the program's own rights. */
  pool: pg.Pool;
  keyring: Keyring;
  changes: Changes;
  /** For entries inside a transaction. */
  journal: Journal;
  close(): Promise<void>;
}

/** Throws StartProblem. */
export async function openInstallation(config: Config): Promise<Installation> {
  const { url, stop } = await openDatabase(config);
  try {
    const clock = new Clock();
    const cell = await findCell(url, 'sluice_app');
    await assertMigrated(cell);
    const pool = openPool(cell, 4);
    const changes = new Changes(cell);
    const keyring = new Keyring({ database: pool, root: await openRootKeys(config, () => clock.now()), clock });
    const queue = new PgBossQueue({ cell, supervise: false, onTrouble: () => undefined });
    return {
      cell,
      clock,
      pool,
      keyring,
      changes,
      journal: new Journal({ cell, clock, changes, queue }),
      async close() {
        await pool.end();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The database of the installation: the one at DATABASE_URL, else the embedded one, which is started if it does not run. */
async function openDatabase({ databaseUrl, dataDir }: Config): Promise<{ url: string; stop(): Promise<void> }> {
  if (databaseUrl !== null) return { url: databaseUrl, stop: async () => undefined };
  if (!existsSync(dataDir)) {
    throw new StartProblem(
      `There is no installation in ${dataDir}: set SLUICE_DATA_DIR or DATABASE_URL as for "npm start".`,
    );
  }
  const placement = await findPlacement(dataDir);
  const running = await findPostmaster(placement.data);
  if (running === null) return await startCluster({ dataDir });
  const password = await readPassword(placement);
  return { url: urlOf({ port: running.port, password, database: databaseName }), stop: async () => undefined };
}

async function assertMigrated({ url, schema }: Cell): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query('select to_regclass($1) as found', [`${schema}.wrapped_key`]);
    if (rows[0]?.found === null)
      throw new StartProblem('The database holds no Sluice yet: run "npm start" once, then this command.');
  } finally {
    await client.end();
  }
}
