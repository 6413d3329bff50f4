import pg from 'pg';
import { DataSource } from 'typeorm';
import { prepareQueue } from '../../journal/queue/prepare-queue.js';
import { migrations } from '../../migrations/index.js';
import { appRole, type Cell, defaultCell } from './cell.js';
import { explainDatabase } from './explain-database.js';
import { makeDaysAhead } from './partitions.js';

const connectMs = 15_000;

/**
 * Brings a database to today's tables, queue and roles. Safe to run again, and by several processes at once.
 * @throws StartProblem when it can't be reached, lets us not in or not do it.
 */
export async function migrateDatabase(url: string): Promise<Cell> {
  try {
    return await migrate(url);
  } catch (error) {
    throw explainDatabase(error) ?? error;
  }
}

async function migrate(url: string): Promise<Cell> {
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
    await grantAppRole(client, cell);
    await client.query(`set search_path = ${cell.schema}`);
    await makeDaysAhead(client);
  } finally {
    await client.end();
  }
  return cell;
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

/** The program's role may read and write everything but change or delete the log. Made here where the user may. */
async function grantAppRole(client: pg.Client, cell: Cell): Promise<void> {
  const existing = await client.query('select 1 from pg_roles where rolname = $1', [appRole]);
  if (existing.rowCount === 0) await client.query(`create role ${appRole} nologin`);
  await client.query(`grant ${appRole} to current_user`);
  await client.query(`
grant usage on schema ${cell.schema}, ${cell.queueSchema} to ${appRole};
grant select, insert, update, delete on all tables in schema ${cell.schema}, ${cell.queueSchema} to ${appRole};
grant usage, select on all sequences in schema ${cell.schema}, ${cell.queueSchema} to ${appRole};
grant execute on all functions in schema ${cell.schema}, ${cell.queueSchema} to ${appRole};
revoke update, delete, truncate on ${cell.schema}.audit_block, ${cell.schema}.audit_entry from ${appRole};
revoke insert, update, delete on ${cell.schema}.migration from ${appRole};
`);
}
