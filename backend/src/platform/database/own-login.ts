import pg from 'pg';
import { StartProblem } from '../../config/start-problem.js';
import { migrations } from '../../migrations/index.js';
import { type Cell, defaultCell } from './cell.js';
import { explainDatabase } from './explain-database.js';
import { isDenied, listUsableRoles } from './roles.js';

const connectMs = 15_000;

/**
 * The cell of a worker whose DATABASE_URL names a login of `sluice_app` alone: it may not set the database up, make logins or
 * take on another role, and finds the database as a server left it. Null: the login may more than that.
 * @throws StartProblem when the database isn't at today's tables yet, can't be reached, or `roles` ask for more than a worker.
 */
export async function findOwnLogin(url: string, roles: ReadonlySet<string>): Promise<Cell | null> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectMs });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const usable = await listUsableRoles(client);
    if (usable.length !== 1 || usable[0] !== 'sluice_app' || (await maySetUp(client))) return null;
    if (roles.size !== 1 || !roles.has('worker')) {
      throw new StartProblem(
        'The user in DATABASE_URL may carry runs and nothing else: set SLUICE_ROLES to worker, or name the user that owns the database.',
      );
    }
    const cell = { ...defaultCell(url), logins: { sluice_app: url } };
    await assertMigrated(client, cell);
    return cell;
  } catch (error) {
    throw explainDatabase(error) ?? error;
  } finally {
    await client.end();
  }
}

async function maySetUp(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ may: boolean }>(
    "select has_database_privilege(current_database(), 'create') as may",
  );
  return rows[0]?.may === true;
}

async function assertMigrated(client: pg.Client, cell: Cell): Promise<void> {
  const names = migrations.map((Migration) => new Migration().name);
  if ((await countDone(client, cell, names)) === names.length) return;
  throw new StartProblem('The database has not the tables of this version yet: start a server of this version first.');
}

async function countDone(client: pg.Client, { schema }: Cell, names: string[]): Promise<number> {
  const sql = `select count(*)::int as done from ${schema}.migration where name = any($1)`;
  try {
    return (await client.query<{ done: number }>(sql, [names])).rows[0]?.done ?? 0;
  } catch (error) {
    // No such table, or no right to it yet: a server makes both.
    if (isDenied(error) || (error instanceof pg.DatabaseError && error.code === '42P01')) return 0;
    throw error;
  }
}
