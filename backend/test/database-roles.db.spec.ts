import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellOptions, defaultCell } from '../src/platform/database/cell.js';
import { migrateDatabase } from '../src/platform/database/migrate.js';
import { findCell } from '../src/platform/database/roles.js';
import { createTestDatabase, type TestDatabase } from './database.js';

const denied = { code: '42501' };

/** What the database itself keeps each of the program's processes from, whatever becomes of the process. */
describe('the database', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  let server: pg.Client;
  let broker: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    server = new pg.Client(cellOptions(defaultCell(database.url)));
    broker = new pg.Client(cellOptions(defaultCell(database.url, 'sluice_broker')));
    owner = new pg.Client(cellOptions(defaultCell(database.url, null)));
    await Promise.all([owner, server, broker].map((client) => client.connect()));
    await owner.query(`
insert into workspace (id, name) values ('wsp_1', 'W');
insert into member (id, workspace_id, email, name, roles) values ('mbr_1', 'wsp_1', 'a@b.c', 'A', '{owner}');
insert into connection (id, workspace_id, environment, connector, name, auth_kind, config, hosts, owner_id)
  values ('con_1', 'wsp_1', 'dev', 'http', 'C', 'bearer', '{}', '{}', 'mbr_1');
insert into connection_secret (connection_id, version, sealed) values ('con_1', 1, 'v1.sealed')`);
  });
  afterAll(async () => {
    await Promise.all([owner, server, broker].map((client) => client.end()));
    await database.drop();
  });

  it.each([
    'select sealed from connection_secret',
    'select * from connection_secret',
    'select sealed from notice_webhook_secret',
    'select s::text from connection_secret s',
    "update connection_secret set sealed = 'v1.other'",
    "delete from connection_secret where sealed like 'v1%'",
    "insert into connection_secret values ('con_1', 3, 'v1.x') returning sealed",
    'select sealed from oauth_token',
    "insert into oauth_token (connection_id, version, sealed) values ('con_1', 1, 'v1.x')",
    "update oauth_token set scopes = '{all}'",
    'select sealed from oauth_attempt',
    'select state_hash, session_hash from oauth_attempt',
  ])('F6: keeps the server and its workers from the secrets: %s', async (sql) => {
    await expect(server.query(sql)).rejects.toMatchObject(denied);
  });

  it('F6 control: lets the server store and destroy them', async () => {
    await server.query("insert into connection_secret (connection_id, version, sealed) values ('con_1', 2, 'v1.new')");
    await server.query("delete from connection_secret where connection_id = 'con_1' and version = 2");
    expect((await server.query('select connection_id, version from connection_secret')).rowCount).toBe(1);
  });

  it.each([
    'select draft from flow',
    'select document from flow_version',
    'select sealed from payload',
    'select email from member',
    'select body from audit_entry',
    'select sess from session',
    'select body_sealed from trigger_event',
    'select decision_reason from approval_grant',
    'select sealed from endpoint_secret',
    "update connection set hosts = '{evil.test}'",
    'update connection set revoked_at = null',
    "update approval_grant set status = 'active'",
    'delete from connection_secret',
    'delete from oauth_token',
    'select detail from connection_event',
    'update connection_secret set version = 9',
    "insert into wrapped_key values ('', '', 'secret', 9, 'x', 'y')",
    "insert into audit_block values ('x', 1, '', '', 0, '', now())",
    'select 1 from sluice_queue.job',
  ])('F6: keeps the broker from everything else: %s', async (sql) => {
    await expect(broker.query(sql)).rejects.toMatchObject(denied);
  });

  it('gives the broker what it decides by and no more, also of those to come', async () => {
    const { rows } = await owner.query(`
select distinct table_name, privilege_type from information_schema.column_privileges where grantee = 'sluice_broker' order by 1, 2`);
    expect(rows.map(({ table_name, privilege_type }) => `${privilege_type} ${table_name}`)).toEqual([
      'SELECT approval_grant',
      'SELECT connection',
      'UPDATE connection',
      'INSERT connection_event',
      'SELECT connection_secret',
      'UPDATE connection_secret',
      'INSERT connection_use',
      'SELECT connection_use',
      'UPDATE connection_use',
      'SELECT connection_version',
      'SELECT environment',
      'SELECT flow_version',
      'INSERT grant_use',
      'SELECT grant_use',
      'UPDATE grant_use',
      'INSERT host_pause',
      'SELECT host_pause',
      'UPDATE host_pause',
      'SELECT kill_switch',
      'SELECT notice_webhook',
      'SELECT notice_webhook_secret',
      'UPDATE notice_webhook_secret',
      'INSERT oauth_attempt',
      'SELECT oauth_attempt',
      'INSERT oauth_token',
      'SELECT oauth_token',
      'UPDATE oauth_token',
      'INSERT rate_bucket',
      'SELECT rate_bucket',
      'UPDATE rate_bucket',
      'SELECT wrapped_key',
    ]);
  });

  it('lets the broker note a use and hear of changes', async () => {
    await broker.query("update connection set last_used_at = now() where id = 'con_1' and last_used_at is null");
    await broker.query('listen sluice_changed');
  });
});

describe('a login that may make no roles', () => {
  let database: TestDatabase;
  let url = '';
  let owner: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    // Everything in the database is its own, as in one that an administrator handed over.
    const name = `plain_${process.pid}`;
    const address = new URL(database.url);
    await owner.query(`
create role ${name} login password 'plain';
alter database ${address.pathname.slice(1)} owner to ${name};
drop schema sluice cascade;
drop schema sluice_days cascade;
drop schema sluice_queue cascade;`);
    address.username = name;
    address.password = 'plain';
    url = address.href;
  });
  afterAll(async () => {
    await owner.end();
    await database.drop();
    const server = new pg.Client({ connectionString: new URL('/postgres', database.url).href });
    await server.connect();
    await server.query(`drop role plain_${process.pid}`);
    await server.end();
  });

  it('works with its own rights, and says what is weaker and the SQL that mends it', async () => {
    const warnings: string[][] = [];
    const cell = await migrateDatabase(url, (message, sql) => warnings.push([message, sql]));
    expect(cell.role).toBeNull();
    expect(warnings).toHaveLength(1);
    const [message = '', sql = ''] = warnings[0] ?? [];
    expect(message).toContain('does not keep the program from the secrets');
    expect(message + sql).not.toContain('password');
    const client = new pg.Client(cellOptions(await findCell(url, 'sluice_broker')));
    await client.connect();
    expect((await client.query('select draft from flow')).rows).toEqual([]);
    await client.end();

    await owner.query(sql);
    expect(await migrateDatabase(url, () => expect.unreachable())).toEqual(defaultCell(url));
    const broker = new pg.Client(cellOptions(await findCell(url, 'sluice_broker')));
    await broker.connect();
    await expect(broker.query('select draft from flow')).rejects.toMatchObject(denied);
    await broker.end();
  });
});
