import pg from 'pg';

/**
 * What carries runs for all workspaces, the API's, which sees one workspace at a time (row-rules.ts), and the broker's.
 * None logs in: a login of its own takes it on (logins.ts), or the one in the database's address.
 */
export const databaseRoles = ['sluice_app', 'sluice_api', 'sluice_broker'] as const;
export type DatabaseRole = (typeof databaseRoles)[number];

/**
 * Where the tables of a set of workspaces live: one PostgreSQL schema, found by search_path, so that no SQL names it.
 * pg-boss keeps its own tables in a schema beside it.
 */
export interface Cell {
  url: string;
  schema: string;
  queueSchema: string;
  /** Whose rights its connections have; null for the login's own, where the roles could not be made. */
  role: DatabaseRole | null;
  /** Addresses with a login for each role alone; without them the login in `url` takes the role on. */
  logins?: Partial<Readonly<Record<DatabaseRole, string>>>;
}

/** The default cell of a database. */
export function defaultCell(url: string, role: DatabaseRole | null = 'sluice_app'): Cell {
  return { url, schema: 'sluice', queueSchema: 'sluice_queue', role };
}

/** The same tables as the API sees them. */
export function apiCell(cell: Cell): Cell {
  return { ...cell, role: cell.role === null ? null : 'sluice_api' };
}

/** Connection options of the program: its own role (which can't change the log) and the cell's tables. */
export function cellOptions({ url, schema, role, logins = {} }: Cell): { connectionString: string; options: string } {
  const as = role === null ? '' : `-c role=${role} `;
  const connectionString = role === null ? url : (logins[role] ?? url);
  return { connectionString, options: `${as}-c search_path=${schema} -c timezone=UTC` };
}

/** A pool of connections to a cell, with the rights of its role. */
export function openPool(cell: Cell, max: number): pg.Pool {
  const pool = new pg.Pool({ ...cellOptions(cell), max });
  // A connection that breaks while idle is replaced at the next query, which then reports what is wrong.
  pool.on('error', () => undefined);
  pool.on('connect', hearBreaks);
  return pool;
}

/**
 * A connection that breaks while it is lent out and between two statements: the next one fails. Unheard it would end the
 * program, since a pool listens to those alone that it has not lent.
 */
export function hearBreaks(client: pg.ClientBase): void {
  client.on('error', () => undefined);
}
