import pg from 'pg';
import { DataSource } from 'typeorm';
import { prepareQueue } from '../../journal/queue/prepare-queue.js';
import { migrations } from '../../migrations/index.js';
import { type Cell, databaseRoles, defaultCell } from './cell.js';
import { explainDatabase } from './explain-database.js';
import { grantRights, listUsableRoles, makeRoles } from './roles.js';
import { makeDaysAhead } from './partitions.js';
import { applyRowRules, makeDoors } from './row-rules.js';

const connectMs = 15_000;

const weaker =
  "the database's user may not make Sluice's roles, so the database does not keep the program from the secrets, the broker from the flows, nor one workspace from another: run this SQL as an administrator of the database, then start Sluice again";

/**
 * Brings a database to today's tables, queue and roles. Safe to run again, and by several processes at once.
 * `warn` hears, with the SQL that mends it, when the database's user may not make the roles.
 * @throws StartProblem when it can't be reached, lets us not in or not do it.
 */
export async function migrateDatabase(
  url: string,
  warn: (message: string, sql: string) => void = () => undefined,
): Promise<Cell> {
  try {
    const { cell, sql } = await migrate(url);
    if (sql !== null) warn(weaker, sql);
    return cell;
  } catch (error) {
    throw explainDatabase(error) ?? error;
  }
}

async function migrate(url: string): Promise<{ cell: Cell; sql: string | null }> {
  const cell = defaultCell(url);
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectMs });
  // A connection that ends between two statements; the next one reports it.
  client.on('error', () => undefined);
  await client.connect();
  try {
    // One migration at a time, whoever starts it: the lock ends with the connection.
    await client.query('select pg_advisory_lock(7310001)');
    await client.query(`create schema if not exists ${cell.schema}`);
    await client.query(`create schema if not exists ${cell.queueSchema}`);
    await runMigrations(cell);
    await prepareQueue(cell);
    const sql = await makeRoles(client);
    const usable = await listUsableRoles(client);
    await client.query(`set search_path = ${cell.schema}`);
    await makeDoors(client);
    for (const role of usable) await grantRights(client, cell, role);
    const isWhole = usable.length === databaseRoles.length;
    if (isWhole) await applyRowRules(client);
    await makeDaysAhead(client);
    return { cell: isWhole ? cell : { ...cell, role: null }, sql };
  } finally {
    await client.end();
  }
}

async function runMigrations(cell: Cell): Promise<void> {
  const source = new DataSource({
    type: 'postgres',
    url: cell.url,
    schema: cell.schema,
    extra: { options: `-c search_path=${cell.schema} -c timezone=UTC` },
    migrations,
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
  });
  await source.initialize();
  try {
    await source.runMigrations();
  } finally {
    await source.destroy();
  }
}
