import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellOptions, defaultCell } from '../../src/platform/database/cell.js';
import { switchWorkspace, WorkspacePool } from '../../src/platform/database/workspace-pool.js';
import { Clock } from '../../src/platform/clock.js';
import { Keyring } from '../../src/platform/keys/keyring.js';
import { parseRootKey } from '../../src/platform/keys/root-key.js';
import { enterWorkspace, inNewScope } from '../../src/platform/workspace-scope.js';
import { createTestDatabase, type TestDatabase } from '../database.js';
import { seedTenant, type Tenant } from './seed-tenant.js';

/** Tables of nobody, each with its reason: a new one is here, has a rule, or fails the test. */
const ofNobody = new Set([
  'audit_block', // hashes that all workspaces share
  'audit_drop', // the same
  'audit_leaf', // the same
  'audit_node', // the same
  'audit_checkpoint', // the same
  'audit_self_check', // of the installation
  'audit_witness', // of the installation
  'audit_key_rotation', // the same
  'siem_cursor', // of the installation
  'migration', // of the installation
  'process', // of the installation
  'rate_bucket', // counters
  'rate_limit', // counters
]);
/** What nobody wrote for a tenant in this test, with a row that the test writes itself. */
const extra = (tenant: Tenant): [string, unknown[]][] => [
  ["insert into recovery_code (member_id, hash) values ($1, 'h')", [tenant.member]],
  [
    "insert into setup_link (hash, member_id, expires_at) values ($1, $2, now() + interval '1 day')",
    [`h${tenant.member}`, tenant.member],
  ],
  [
    "insert into session (sid, sess, expire) values ($1, $2, now() + interval '1 day')",
    [`s${tenant.member}`, { memberId: tenant.member }],
  ],
  ["insert into idempotency_key (scope, key, request_hash) values ($1, 'k', 'h')", [`${tenant.member} POST /flows`]],
  [
    "insert into notice_cause (workspace_id, kind, about, audience, detail, at) values ($1, 'k', '{}', '{}', '{}', now())",
    [tenant.workspace],
  ],
  [
    `insert into notice (id, workspace_id, member_id, kind, key, about, detail, first_at, last_at) values ($1, $2, $3, 'k', 'k', '{}', '{}', now(), now())`,
    [`ntc_${tenant.member}`, tenant.workspace, tenant.member],
  ],
  [
    `insert into notice_delivery (id, workspace_id, channel, kind, key, about, detail, first_at, last_at, due_at)
     values ($1, $2, 'webhook', 'k', 'k', '{}', '{}', now(), now(), now())`,
    [`ntd_${tenant.member}`, tenant.workspace],
  ],
  ["insert into notice_preference values ($1, 'k', true, true)", [tenant.member]],
  [
    'insert into flow_deputy (flow_id, member_id, workspace_id, added_by) values ($1, $2, $3, $2)',
    [tenant.things.dev.flow, tenant.member, tenant.workspace],
  ],
  [
    "insert into notice_webhook values ($1, 'https://example.com', '{}', 1, $2, now())",
    [tenant.workspace, tenant.member],
  ],
  ["insert into notice_webhook_secret values ($1, 1, 'x')", [tenant.workspace]],
  [
    "insert into schedule_mark (id, workspace_id, flow_id, environment) values ($1, $2, $1, 'dev')",
    [tenant.things.dev.flow, tenant.workspace],
  ],
  ['insert into stored_bytes values ($1, 90, current_date, 1)', [tenant.workspace]],
  [
    `insert into audit_entry (lane, block, pos, id, workspace_id, at, stored_at, actor, action, body)
     values ('t', 1, (select count(*) from audit_entry), $1, $2, now(), now(), 'a', 'b', '{}')`,
    [`ent_${tenant.member}`, tenant.workspace],
  ],
];

describe('row rules', () => {
  let database: TestDatabase;
  let owner: pg.Pool;
  let api: pg.Pool;
  let [own, foreign]: [Tenant | null, Tenant | null] = [null, null];
  let tables: string[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    owner = new pg.Pool({ ...cellOptions(defaultCell(database.url, null)), max: 1 });
    api = new WorkspacePool({ ...cellOptions(defaultCell(database.url, 'sluice_api')), max: 1 });
    const keyring = new Keyring({
      database: owner,
      root: parseRootKey(Buffer.alloc(32, 1).toString('base64'), 'test'),
      clock: new Clock(),
    });
    own = await seedTenant({ owner, keyring });
    foreign = await seedTenant({ owner, keyring });
    for (const tenant of [own, foreign]) for (const [text, values] of extra(tenant)) await owner.query(text, values);
    const { rows } = await owner.query(
      `select relname as name from pg_class where relnamespace = 'sluice'::regnamespace and relkind in ('r', 'p') order by 1`,
    );
    tables = rows.map(({ name }) => name).filter((name: string) => !ofNobody.has(name));
  });
  afterAll(async () => {
    await api.end();
    await owner.end();
    await database.drop();
  });

  const inWorkspace = <T>(
    tenant: Tenant | null,
    work: () => Promise<T>,
    environments: string[] | null = null,
  ): Promise<T> =>
    inNewScope(() => {
      enterWorkspace(tenant?.workspace ?? null, environments);
      return work();
    });
  const mayRead = async (table: string) => {
    const { rows } = await owner.query(`select has_any_column_privilege('sluice_api', $1, 'select') as may`, [
      `sluice.${table}`,
    ]);
    return rows[0].may === true;
  };
  const count = async (runner: pg.Pool, table: string) =>
    (await runner.query(`select count(*)::int as n from ${table}`)).rows[0].n;

  it('hold for every table but those of nobody, and for a role that no rule lets off', async () => {
    const { rows } = await owner.query(
      `select relname as name from pg_class where relnamespace = 'sluice'::regnamespace and relkind in ('r', 'p') and relrowsecurity order by 1`,
    );
    expect(rows.map(({ name }) => name)).toEqual(tables);
    const roles = await owner.query(
      `select rolname from pg_roles r where rolname like 'sluice\\_a%' and (rolsuper or rolbypassrls
         or exists (select from pg_class c where c.relowner = r.oid and c.relnamespace = 'sluice'::regnamespace))`,
    );
    expect(roles.rows).toEqual([]);
  });

  it('read no sealed secret that the engine is kept from either', async () => {
    const { rows } = await owner.query(`
select c.oid::regclass::text || '.' || a.attname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relnamespace = 'sluice'::regnamespace and c.relkind in ('r', 'p') and not has_column_privilege('sluice_app', c.oid, a.attnum, 'select')
  and has_column_privilege('sluice_api', c.oid, a.attnum, 'select')`);
    expect(rows).toEqual([]);
  });

  it('have something to hide in each table that the API reads', async () => {
    const empty: string[] = [];
    for (const table of tables) if ((await count(owner, table)) < 2) empty.push(table);
    expect(empty).toEqual([]);
  });

  it('F17 show a connection that was told nothing no row at all', async () => {
    const plain = new pg.Client(cellOptions(defaultCell(database.url, 'sluice_api')));
    await plain.connect();
    for (const table of tables) {
      if (!(await mayRead(table))) continue;
      const { rows } = await plain.query(`select count(*)::int as n from ${table}`);
      expect(rows[0].n, table).toBe(0);
    }
    await plain.end();
    for (const table of tables)
      if (await mayRead(table)) expect(await inWorkspace(null, () => count(api, table)), table).toBe(0);
  });

  it('F11 show each workspace its own rows, one connection after the other', async () => {
    for (const table of tables) {
      if (!(await mayRead(table))) continue;
      const [all, mine, theirs, none, again] = [
        await count(owner, table),
        await inWorkspace(own, () => count(api, table)),
        await inWorkspace(foreign, () => count(api, table)),
        await inWorkspace(null, () => count(api, table)),
        await inWorkspace(own, () => count(api, table)),
      ];
      expect([mine, theirs, none, again], table).toEqual([mine, mine, 0, mine]);
      expect(mine, table).toBeGreaterThan(0);
      expect(mine + theirs, table).toBeLessThanOrEqual(all);
    }
  });

  it('F11 let nobody change, remove or make a row of another workspace', async () => {
    if (own === null || foreign === null) return;
    const { workspace, things, member } = foreign;
    const tried = await inWorkspace(own, async () => [
      await api.query("update flow set name = 'taken'"),
      await api.query('delete from api_token where id = $1', [foreign?.token]),
      await api.query("update member set roles = '{owner}' where id = $1", [member]),
      await api.query('delete from connection_secret where connection_id = $1', [things.dev.connection]),
    ]);
    expect(tried.map(({ rowCount }) => rowCount)).toEqual([2, 0, 0, 0]);
    await expect(
      inWorkspace(own, () =>
        api.query("insert into flow (id, workspace_id, name, owner_id, draft) values ('flw_x', $1, 'x', $2, '{}')", [
          workspace,
          member,
        ]),
      ),
    ).rejects.toMatchObject({ code: '42501' });
    await expect(
      inWorkspace(own, () => api.query('update flow set workspace_id = $1', [workspace])),
    ).rejects.toMatchObject({ code: '42501' });
    await expect(
      inWorkspace(own, () => api.query("insert into connection_secret values ($1, 7, 'x')", [things.dev.connection])),
    ).rejects.toMatchObject({ code: '42501' });
  });

  it('let the API say who closed a run of its own, and change nothing else of it', async () => {
    const close = () => api.query("update run set closed_at = now(), closed_by = 'm', closed_reason = 'r'");
    expect(await inWorkspace(own, close, ['dev'])).toMatchObject({ rowCount: 1 });
    expect(await inWorkspace(own, close)).toMatchObject({ rowCount: 2 });
    for (const change of ["status = 'succeeded'", 'tried_again = true', 'error = null'])
      await expect(
        inWorkspace(own, () => api.query(`update run set ${change}`)),
        change,
      ).rejects.toMatchObject({ code: '42501' });
  });

  it('show of a workspace only the environments that are named', async () => {
    for (const table of [
      'run',
      'connection',
      'approval_grant',
      'trigger_event',
      'endpoint',
      'deployment',
      'ask',
      'payload',
      'connection_secret',
    ]) {
      const [dev, none, all] = [
        await inWorkspace(own, () => count(api, table), ['dev']),
        await inWorkspace(own, () => count(api, table), []),
        await inWorkspace(own, () => count(api, table)),
      ];
      expect([dev, none, all], table).toEqual([1, 0, 2]);
    }
  });

  it('keep the tables of a day from whoever names one, those to come too', async () => {
    await owner.query('select make_run_days(90, current_date + 9), make_log_days(current_date + 9)');
    const { rows } = await owner.query(
      `select c.oid::regclass::text as name from pg_class c where c.relnamespace = 'sluice_days'::regnamespace and c.relkind in ('r', 'p')`,
    );
    expect(rows.length).toBeGreaterThan(10);
    for (const role of ['sluice_api', 'sluice_app', 'sluice_broker'] as const) {
      const client = new pg.Client(cellOptions(defaultCell(database.url, role)));
      await client.connect();
      for (const { name } of rows)
        await expect(client.query(`select count(*) from ${name}`), name).rejects.toMatchObject({ code: '42501' });
      await client.end();
    }
  });

  it('hold inside of a transaction that went to another workspace, and again after it', async () => {
    const seen = await inWorkspace(own, async () => {
      const client = await api.connect();
      const flows = async () => (await client.query('select id from flow')).rows.length;
      await client.query('begin');
      await switchWorkspace(client, 'wsp_nobody');
      const during = await flows();
      await client.query('rollback');
      const after = await flows();
      client.release();
      return [during, after];
    });
    expect(seen).toEqual([0, 2]);
  });

  it('are the same after another start, which changes nothing', async () => {
    const policies = () =>
      owner.query(
        `select p.oid::text, c.relname, p.polname from pg_policy p join pg_class c on c.oid = p.polrelid order by 1`,
      );
    const { migrateDatabase } = await import('../../src/platform/database/migrate.js');
    const before = (await policies()).rows;
    await migrateDatabase(database.url);
    expect((await policies()).rows).toEqual(before);
  });
});
