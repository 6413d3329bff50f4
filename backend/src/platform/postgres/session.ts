import { readFile } from 'node:fs/promises';
import { Client } from 'pg';
import { StartProblem } from '../../config/start-problem.js';
import type { Placement } from './placement.js';

export const databaseName = 'sluice';

/** Any number will do, as long as every Sluice uses the same: it marks the owner of an embedded cluster. */
const ownerLock = 7_715_832;

/** The superuser's password, which initdb was given. */
export async function readPassword({ passwordFile, folder }: Placement): Promise<string> {
  try {
    return await readFile(passwordFile, 'utf8');
  } catch (cause) {
    throw new StartProblem(
      `The database's password file ${passwordFile} can't be read: start Sluice as the user that owns it, or restore ${folder} from a backup.`,
      { cause },
    );
  }
}

export function urlOf({ port, password, database }: { port: number; password: string; database: string }): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
}

/** What one attempt to talk to a server showed: `later` means that it is still starting or about to end. */
export type Attempt = { client: Client } | { later: Error } | { refused: Error };

export async function connectOnce(url: string): Promise<Attempt> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000, application_name: 'sluice owner' });
  // The server may end while this connection is idle; without a listener that would end the program.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return { client };
  } catch (error) {
    await client.end().catch(() => undefined);
    if (!(error instanceof Error)) throw error;
    const code = 'code' in error ? error.code : '';
    // 28P01 wrong password, 28000 not let in, 3D000 no such database: waiting does not help.
    return code === '28P01' || code === '28000' || code === '3D000' ? { refused: error } : { later: error };
  }
}

/** Marks this process as the cluster's owner as long as the connection lives. False: another process is. */
export async function becomeOwner(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ owned: boolean }>('select pg_try_advisory_lock($1) as owned', [ownerLock]);
  return rows[0]?.owned === true;
}

export async function ensureDatabase(client: Client): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [databaseName]);
  if (rowCount === 0) await client.query(`create database ${databaseName}`);
}
