import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from '../../test/certificate.js';
import { createTestDatabase, type TestDatabase } from '../../test/database.js';
import { openLocalBroker } from '../../test/local-broker.js';
import { hasMariaDb, type MariaDb, startMariaDb } from '../../test/maria-db.js';
import { aClaim } from '../../test/records.js';
import { connector } from '../connectors/mysql/index.js';
import { BoundNet } from '../engine/bound-net.js';
import { defaultCell, openPool } from '../platform/database/cell.js';
import { Keyring } from '../platform/keys/keyring.js';
import { parseRootKey } from '../platform/keys/root-key.js';
import { Vault } from './call.js';

const certificate = makeCertificate('db.test');
const password = 'canary-d4ta-of-the-shop';
const now = 1_000_000;
const root = parseRootKey(Buffer.alloc(32, 1).toString('base64'), 'test');

/** The connector, the real broker with its own look-up and guard, and a real MariaDB. */
describe.skipIf(!hasMariaDb)('MySQL through the broker', () => {
  let database: TestDatabase;
  let pools: pg.Pool[];
  let server: MariaDb;
  let local: Awaited<ReturnType<typeof openLocalBroker>>;
  let host = '';

  beforeAll(async () => {
    server = await startMariaDb(certificate, [
      'create database shop',
      'create table shop.orders (number int primary key, total decimal(12, 2), note text)',
      `insert into shop.orders values (1017, 12.5, '${password}')`,
      `create user 'shop'@'%' identified by '${password}'`,
      "grant select, update on shop.* to 'shop'@'%'",
    ]);
    host = `db.test:${server.port}`;
    database = await createTestDatabase();
    const pool = openPool(defaultCell(database.url), 2);
    const brokerPool = openPool(defaultCell(database.url, 'sluice_broker'), 2);
    pools = [pool, brokerPool];
    await pool.query(`
insert into workspace (id, name) values ('wsp_1', 'W');
insert into environment (id, workspace_id, name, position, policy) values ('env_1', 'wsp_1', 'dev', 1, '{"approval":false,"production":false}');
insert into member (id, workspace_id, email, name, roles) values ('mbr_1', 'wsp_1', 'a@b.c', 'A', '{owner}');
insert into flow (id, workspace_id, name, owner_id, draft) values ('flw_1', 'wsp_1', 'F', 'mbr_1', '{}')`);
    const keyring = new Keyring({ database: pool, root, clock: { now: () => now } });
    for (const [id, secret, name] of [
      ['con_1', password, 'db.test'],
      ['con_wrong', 'another-password', 'db.test'],
      ['con_metadata', password, 'metadata.test'],
    ] as const) {
      await pool.query(
        `insert into connection (id, workspace_id, environment, connector, name, auth_kind, config, hosts, owner_id)
         values ($1, 'wsp_1', 'dev', 'mysql', 'C', 'basic', $2, $3, 'mbr_1')`,
        [id, { host: name, port: server.port, database: 'shop' }, [`${name}:${server.port}`]],
      );
      const place = { workspace: 'wsp_1', environment: 'dev', id, version: 1 };
      await new Vault(keyring).putSecret(pool, place, { kind: 'basic', username: 'shop', password: secret });
    }
    local = await openLocalBroker({
      keyring,
      desk: {
        database: brokerPool,
        keyring: new Keyring({ database: brokerPool, root, clock: { now: () => now } }),
        changes: { on: () => () => undefined },
        now: () => now,
        options: {
          allowPrivateHosts: [host, `metadata.test:${server.port}`],
          doubles: new Map(),
          trustedCertificates: [certificate.cert],
          lookup: async (name) => [name === 'metadata.test' ? '169.254.169.254' : '127.0.0.1'],
          evenOutMilliseconds: 1,
        },
        report: (error) => {
          throw error;
        },
      },
    });
  }, 60_000);
  afterAll(async () => {
    await local?.close();
    await Promise.all((pools ?? []).map((pool) => pool.end()));
    await database?.drop();
    await server?.close();
  });

  async function run(name: 'query' | 'execute', input: object, given: { connection?: string; call?: string } = {}) {
    const action = connector.actions[name];
    if (action === undefined) throw new Error('no such action');
    const { signal } = new AbortController();
    const capability = local.broker.mint(
      aClaim({
        now,
        connection: given.connection ?? 'con_1',
        connector: 'mysql',
        scopes: action.scopes,
        hosts: [host, `metadata.test:${server.port}`],
        call: given.call ?? `${action.method} ${action.path}`,
        reply: ['*'],
      }),
    );
    const files = { ticket: () => Promise.reject(new Error('no file was named')), keep: () => null };
    const net = new BoundNet(local.broker, capability, signal, async () => Date.now() + 60_000, files);
    const config = { host: 'db.test', port: server.port, database: 'shop' };
    return await action.run({ config, net, idempotencyKey: 'k', signal }, action.input.parse(input));
  }

  it('reads and writes, and gives the password back to nobody', async () => {
    expect(await run('execute', connector.actions['execute']?.sample.input as object)).toEqual({
      changed: 1,
      rows: [],
    });
    expect(await run('query', connector.actions['query']?.sample.input as object)).toEqual({
      rows: [{ number: 1017, total: '129.00' }],
      isCut: false,
    });
    const reply = await run('query', { statement: 'select note from orders' });
    expect(JSON.stringify(reply)).not.toContain(password);
  });

  it('refuses what the step may not, a wrong password, and an address that is not allowed', async () => {
    const write = { statement: 'update orders set total = 0' };
    await expect(run('execute', write, { call: 'QUERY /statement' })).rejects.toMatchObject({
      code: 'broker.call_not_allowed',
    });
    await expect(run('query', write)).rejects.toMatchObject({ code: 'rejected' });
    await expect(run('query', { statement: 'select * from mysql.user' })).rejects.toMatchObject({
      code: 'unauthorized',
    });
    await expect(run('query', { statement: 'select 1' }, { connection: 'con_wrong' })).rejects.toMatchObject({
      code: 'egress.login_refused',
    });
    await expect(run('query', { statement: 'select 1' }, { connection: 'con_metadata' })).rejects.toMatchObject({
      message: expect.stringContaining("can't be reached"),
    });
  });
});
