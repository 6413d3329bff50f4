import pg from 'pg';

/**
 * Where the tables of a set of workspaces live: one PostgreSQL schema, found by search_path, so that no SQL names it.
 * pg-boss keeps its own tables in a schema beside it.
 */
export interface Cell {
  url: string;
  schema: string;
  queueSchema: string;
}

export const appRole = 'sluice_app';

/** The default cell of a database. */
export function defaultCell(url: string): Cell {
  return { url, schema: 'sluice', queueSchema: 'sluice_queue' };
}

/** Connection options of the program: its own role (which can't change the log) and the cell's tables. */
export function cellOptions(cell: Cell): { connectionString: string; options: string } {
  return { connectionString: cell.url, options: `-c role=${appRole} -c search_path=${cell.schema} -c timezone=UTC` };
}

/** A pool of connections to a cell, as the program's own role. */
export function openPool(cell: Cell, max: number): pg.Pool {
  const pool = new pg.Pool({ ...cellOptions(cell), max });
  // A connection that breaks while idle is replaced at the next query, which then reports what is wrong.
  pool.on('error', () => undefined);
  // The same for one that is lent out and breaks between two statements: the next one fails. Unheard it would end the program.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
