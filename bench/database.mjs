import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

/** The embedded database of a data folder, as its superuser; reconnects after the product was started anew. */
export async function openDatabase(dataDir) {
  let client = null;

  async function connect() {
    const folder = join(dataDir, 'postgres');
    const [pid, , , port] = readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n');
    const password = readFileSync(join(folder, 'password'), 'utf8');
    client = new pg.Client({
      connectionString: `postgres://postgres:${password}@127.0.0.1:${port}/sluice`,
      options: '-c search_path=sluice',
    });
    client.on('error', () => undefined);
    client.once('end', () => (client = null));
    await client.connect();
    database.pid = Number(pid);
    const { rows } = await client.query("select current_setting('server_version') as version");
    database.version = rows[0].version;
  }

  const database = {
    /** Of the server's first process. */
    pid: 0,
    version: '',
    /** Answers the rows. */
    async query(text, values) {
      if (client === null) await connect();
      return (await client.query(text, values)).rows;
    },
    end: async () => client?.end(),
  };
  await connect();
  return database;
}
