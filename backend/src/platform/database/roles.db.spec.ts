import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer } from '../../../test/throwaway-server.js';
import { databaseRoles } from './cell.js';
import { listUsableRoles, makeRoles } from './roles.js';

let server: { url: string; stop(): Promise<void> };

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

it('makes the roles of databases of one server that are migrated at the same moment', async () => {
  // One database does: roles are the server's, and what keeps one database's migrations apart is not taken here.
  const clients = Array.from({ length: 12 }, () => new pg.Client({ connectionString: server.url }));
  await Promise.all(clients.map((client) => client.connect()));
  expect(await Promise.all(clients.map((client) => makeRoles(client)))).toEqual(clients.map(() => null));
  for (const client of clients) {
    expect(await listUsableRoles(client)).toEqual([...databaseRoles]);
    await client.end();
  }
});
