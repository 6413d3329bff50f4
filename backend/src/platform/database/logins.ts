import { createHash, createHmac, type KeyObject, pbkdf2Sync, randomBytes } from 'node:crypto';
import pg from 'pg';
import { hmacHex, takeKey } from '../keys/secret-key.js';
import { type Cell, type DatabaseRole, databaseRoles, openPool } from './cell.js';
import { isDenied } from './roles.js';

const connectMs = 15_000;

const weaker =
  "the database's user may make no logins, so SQL that got into the program could leave its role: let it make roles (CREATEROLE, and each of Sluice's roles with the admin option), by running this SQL as an administrator of the database, then start Sluice again";

/**
 * Gives each role a login of its own, so that SQL of somebody's choice in a connection finds no other role behind it.
 * Passwords come from a key of the installation's keyring: each of its processes knows them, and they are stored nowhere.
 * Where the login may make none, the cell is answered as it is and `warn` hears why.
 */
export async function useLogins(
  cell: Cell,
  {
    keyFrom,
    warn,
  }: { keyFrom: (database: pg.Pool) => Promise<KeyObject>; warn: (message: string, sql: string) => void },
): Promise<Cell> {
  if (cell.role === null) return cell;
  const owner = openPool({ ...cell, role: null }, 1);
  try {
    const key = await keyFrom(owner);
    const logins: Partial<Record<DatabaseRole, string>> = {};
    for (const role of databaseRoles) {
      const { name, password } = await credentialsOf(owner, key, role);
      const address = new URL(cell.url);
      Object.assign(address, { username: name, password });
      if (!(await lets(address.href))) await makeLogin(owner, { name, role, password });
      logins[role] = address.href;
    }
    return { ...cell, logins };
  } catch (error) {
    if (!isDenied(error)) throw error;
    const { rows } = await owner.query<{ name: string }>('select quote_ident(session_user) as name');
    const user = rows[0]?.name ?? '';
    warn(weaker, `alter role ${user} createrole; grant ${databaseRoles.join(', ')} to ${user} with admin option;`);
    return cell;
  } finally {
    await owner.end();
  }
}

/** Roles are the whole server's, and a server may hold several installations: a login is named after its database. */
async function credentialsOf(
  owner: pg.Pool,
  key: KeyObject,
  role: DatabaseRole,
): Promise<{ name: string; password: string }> {
  const { rows } = await owner.query<{ database: string }>('select current_database() as database');
  const of = createHash('sha256')
    .update(rows[0]?.database ?? '')
    .digest('hex')
    .slice(0, 12);
  const name = `${role}_${of}`;
  return { name, password: hmacHex(key, name) };
}

async function lets(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectMs });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch (error) {
    // Unknown, no login, or another password.
    if (error instanceof pg.DatabaseError && error.code?.startsWith('28') === true) return false;
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function makeLogin(
  owner: pg.Pool,
  { name, role, password }: { name: string; role: DatabaseRole; password: string },
): Promise<void> {
  const { rowCount } = await owner.query('select from pg_roles where rolname = $1', [name]);
  const verb = rowCount === 0 ? 'create' : 'alter';
  // What the server keeps, not the password itself: statements end up in logs.
  await owner.query(`${verb} role ${name} login password '${scramVerifier(password)}'`);
  await owner.query(`grant ${role} to ${name}`);
}

/** As PostgreSQL stores a password: RFC 5803's form of RFC 7677's SCRAM-SHA-256. The password is ASCII, so SASLprep leaves it as it is. */
function scramVerifier(password: string): string {
  const rounds = 4096;
  const salt = randomBytes(16);
  const salted = takeKey(pbkdf2Sync(password, salt, rounds, 32, 'sha256'));
  const keyed = (text: string) => createHmac('sha256', salted).update(text).digest();
  const stored = createHash('sha256').update(keyed('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${rounds}:${salt.toString('base64')}$${stored}:${keyed('Server Key').toString('base64')}`;
}
