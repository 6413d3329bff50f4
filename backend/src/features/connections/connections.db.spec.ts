import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenFeatures, openFeatures } from '../../../test/open-features.js';
import type { Actor } from '../../platform/actor.js';
import { newId } from '../../platform/ids.js';
import { openText } from '../../platform/keys/sealing.js';
import { ConnectionSecretsService } from './connection-secrets.service.js';
import { ConnectionsService } from './connections.service.js';

const canary = 'canary-7c1f9e-secret';
const hubspot = {
  connector: 'hubspot',
  environment: 'dev',
  name: 'HubSpot',
  auth: { kind: 'bearer', token: canary },
  config: {},
} as const;
const record = {
  host: 'api.hubapi.com',
  method: 'GET',
  path: '/account-info/v3/details',
  status: 200,
  bytesSent: 0,
  bytesReceived: 2,
  milliseconds: 1,
};

describe('connections', () => {
  let house: OpenFeatures;
  let connections: ConnectionsService;
  let secrets: ConnectionSecretsService;
  let ada: Actor;
  let stranger: Actor;

  beforeAll(async () => {
    house = await openFeatures();
    connections = house.get(ConnectionsService);
    secrets = house.get(ConnectionSecretsService);
    ({ ada } = await house.aWorkspace({ ada: ['admin'] }));
    ({ stranger } = await house.aWorkspace({ stranger: ['owner'] }));
  });
  afterAll(() => house.close());

  async function secretsOf(id: string): Promise<{ version: number; auth: unknown }[]> {
    const { rows } = await house.owner.query('select version, sealed from connection_secret where connection_id = $1', [
      id,
    ]);
    const keys = await house.keyring.keys(ada.workspace, 'dev', 'secret');
    const place = {
      purpose: 'secret',
      workspace: ada.workspace,
      environment: 'dev',
      table: 'connection_secret',
      column: 'sealed',
    } as const;
    return rows.map(({ version, sealed }) => ({
      version,
      auth: JSON.parse(openText(keys, sealed, { ...place, row: `${id}:${version}` })),
    }));
  }

  async function seedGrant(
    { workspace, member }: Actor,
    connection: string,
    { status, scopes, ends }: { status: string; scopes: string[]; ends: Date },
  ): Promise<void> {
    const [flow, deployment] = [newId('flow'), newId('deployment')];
    const seeds: [string, unknown[]][] = [
      [
        `insert into flow (id, workspace_id, name, owner_id, draft) values ($1, $2, $1, $3, '{}')`,
        [flow, workspace, member],
      ],
      [
        `insert into flow_version (flow_id, version, workspace_id, hash, document, manifest, created_by)
         values ($1, 1, $2, 'h', '{}', '{}', $3)`,
        [flow, workspace, member],
      ],
      [
        `insert into deployment (id, workspace_id, flow_id, environment, version, bindings, status, created_by)
         values ($1, $2, $3, 'dev', 1, '{}', 'replaced', $4)`,
        [deployment, workspace, flow, member],
      ],
      [
        `insert into approval_grant (id, workspace_id, flow_id, version, environment, slot, connector, connection_id, deployment_id,
           hash, asks, allows, status, requested_by, expires_at)
         values ($1, $2, $3, 1, 'dev', 'crm', 'hubspot', $4, $5, 'h', '{}', $6, $7, $8, $9)`,
        [newId('grant'), workspace, flow, connection, deployment, { scopes }, status, member, ends],
      ],
    ];
    for (const [text, values] of seeds) await house.owner.query(text, values);
  }

  it('begin with the limits that the vendor states, unless others are given', async () => {
    const slack = { ...hubspot, connector: 'slack', name: 'Slack' };
    expect((await connections.create(ada, slack)).limits).toEqual({ callsPerSecond: 1, burst: 10 });
    const limits = { callsPerSecond: 3, burst: 3 };
    expect((await connections.create(ada, { ...slack, limits })).limits).toEqual(limits);
  });

  it('keep the secret sealed: it is in no answer, no other row and no entry of the log', async () => {
    const created = await connections.create(ada, hubspot);
    expect(created).toMatchObject({
      status: 'active',
      version: 1,
      authKind: 'bearer',
      hosts: ['api.hubapi.com'],
      owner: { name: 'ada' },
      usedBy: [],
      lastTest: null,
    });
    expect(await secretsOf(created.id)).toEqual([{ version: 1, auth: hubspot.auth }]);

    const { rows } =
      await house.owner.query(`select (select string_agg(c::text, '') from connection c) || (select string_agg(s::text, '') from connection_secret s)
      || (select string_agg(body, '') from audit_entry) as text`);
    expect(rows[0].text).toContain(created.id);
    expect(rows[0].text).not.toContain(canary);
    expect(JSON.stringify(created)).not.toContain(canary);
  });

  it('refuse what does not fit, with nothing stored', async () => {
    const count = async () => (await house.pool.query('select count(*)::int as n from connection')).rows[0].n;
    const before = await count();
    const refusals = [
      [{ ...hubspot, connector: 'constructor' }, 'connector.unknown'],
      [{ ...hubspot, environment: 'nowhere' }, 'environment.unknown'],
      [{ ...hubspot, auth: { kind: 'none' } as const }, 'connection.invalid'],
      [{ ...hubspot, config: { allowedHosts: ['evil.test'] } }, 'connection.invalid'],
    ] as const;
    for (const [body, code] of refusals) await expect(connections.create(ada, body)).rejects.toMatchObject({ code });
    expect(await count()).toBe(before);
  });

  it('list by environment and connector, in pages', async () => {
    const { mira } = await house.aWorkspace({ mira: ['admin'] });
    const first = await connections.create(mira, hubspot);
    const second = await connections.create(mira, { ...hubspot, environment: 'staging' });
    const ids = async (filter: object) =>
      (await connections.list(mira.workspace, { limit: 9, ...filter })).map(({ id }) => id);
    expect(await ids({})).toEqual([first.id, second.id]);
    expect(await ids({ environment: 'staging' })).toEqual([second.id]);
    expect(await ids({ connector: 'stripe' })).toEqual([]);
    expect(await ids({ cursor: first.id })).toEqual([second.id]);
  });

  it('are tested through the broker, for reading only, and keep the answer', async () => {
    const { id } = await connections.create(ada, hubspot);
    house.broker.answer = { ok: true, kind: 'http', reply: { status: 200, headers: {}, body: {} }, record };
    expect(await connections.test(ada, id)).toEqual({ ok: true, message: 'HubSpot accepts this connection.' });
    expect(house.broker.calls.at(-1)).toMatchObject({
      capability: {
        workspace: ada.workspace,
        environment: 'dev',
        connection: id,
        flow: null,
        run: null,
        grant: null,
        hosts: ['api.hubapi.com'],
        call: 'GET /*',
      },
      request: { kind: 'http', request: { method: 'GET' } },
    });

    house.broker.answer = { ok: true, kind: 'http', reply: { status: 401, headers: {}, body: {} }, record };
    expect((await connections.test(ada, id)).ok).toBe(false);
    house.broker.answer = {
      ok: false,
      failure: { kind: 'refused', code: 'broker.host_not_allowed', message: 'Refused: private.', uncertain: false },
      record: null,
    };
    expect(await connections.test(ada, id)).toEqual({ ok: false, message: 'Refused: private.' });

    const [connection] = await connections.list(ada.workspace, { id, limit: 1 });
    expect(connection?.lastTest).toMatchObject({ ok: false, message: 'Refused: private.' });
    const { rows } = await house.pool.query(
      `select body::jsonb -> 'detail' as detail from audit_entry where action = 'connection.tested' and subject like $1 order by block`,
      [`%${id}%`],
    );
    expect(rows.map(({ detail }) => detail)).toEqual([{ ok: true }, { ok: false }, { ok: false }]);
  });

  it('say so when a connector has no test', async () => {
    const { id } = await connections.create(ada, {
      connector: 'http',
      environment: 'dev',
      name: 'Books',
      auth: { kind: 'none' },
      config: { allowedHosts: ['b.example'] },
    });
    expect(await connections.test(ada, id)).toMatchObject({
      ok: false,
      message: expect.stringContaining('has no test'),
    });
    const [connection] = await connections.list(ada.workspace, { id, limit: 1 });
    expect(connection?.lastTest).toBeNull();
  });

  it('change their owner, limit and dates; what is left out stays', async () => {
    const { lena, mira } = await house.aWorkspace({ lena: ['admin'], mira: ['builder'] });
    const limits = { callsPerSecond: 5, burst: 10 };
    const { id, rotatedAt } = await connections.create(lena, { ...hubspot, limits });
    const find = async () => await connections.find(lena.workspace, id);
    const days = (count: number) => new Date(Date.parse(rotatedAt) + count * 86_400_000).toISOString();
    expect(await find()).toMatchObject({ limits, rotateDays: 90, dueAt: days(90), expiresAt: null });
    expect(await connections.change(lena, id, { limits: null })).toMatchObject({ limits: null, rotateDays: 90 });
    expect(await connections.change(lena, id, { rotateDays: 30, expiresAt: days(40) })).toMatchObject({
      dueAt: days(30),
      expiresAt: days(40),
    });
    expect(await connections.change(lena, id, { rotateDays: null })).toMatchObject({
      dueAt: null,
      expiresAt: days(40),
    });
    expect(await connections.change(lena, id, { owner: mira.member })).toMatchObject({
      owner: { id: mira.member, name: 'mira' },
    });
    const { rows } = await house.pool.query(
      `select body from audit_entry where workspace_id = $1 and action = 'connection.changed' order by at, id`,
      [lena.workspace],
    );
    expect(rows.map(({ body }) => JSON.parse(body).detail)).toEqual([
      { limits: null },
      { rotateDays: 30, expiresAt: days(40) },
      { rotateDays: null },
      { owner: mira.member },
    ]);
    await expect(connections.change(lena, id, { owner: stranger.member })).rejects.toMatchObject({
      code: 'member.unknown',
    });
    await expect(connections.change(stranger, id, { limits })).rejects.toMatchObject({ code: 'connection.unknown' });
    expect((await find()).owner.id).toBe(mira.member);
  });

  it('show what grants allow with them, what of it was called, and which of their hosts is taken for down', async () => {
    const { lena } = await house.aWorkspace({ lena: ['admin'] });
    const { id } = await connections.create(lena, hubspot);
    const at = house.clock.date();
    const ago = (days: number) => new Date(at.getTime() - days * 86_400_000);
    await seedGrant(lena, id, { status: 'active', scopes: ['contacts.write', 'contacts.read'], ends: ago(-1) });
    await seedGrant(lena, id, { status: 'active', scopes: ['lists.read'], ends: ago(1) });
    await seedGrant(lena, id, { status: 'replaced', scopes: ['deals.read'], ends: ago(-1) });
    for (const [day, calls] of [
      [89, 2],
      [91, 40],
    ] as const)
      await house.owner.query(
        `insert into connection_use values ($1, ($2::timestamptz at time zone 'UTC')::date, 'contacts.write', 'api.hubapi.com', $3, $2)`,
        [id, ago(day), calls],
      );
    for (const [workspace, host, until] of [
      [lena.workspace, 'api.hubapi.com', ago(-0.001)],
      [lena.workspace, 'other.example', ago(-0.001)],
      [ada.workspace, 'api.hubapi.com', ago(-1)],
    ] as const)
      await house.owner.query('insert into host_pause (workspace_id, host, failures, until) values ($1, $2, 6, $3)', [
        workspace,
        host,
        until,
      ]);
    expect(await connections.get(lena.workspace, id)).toMatchObject({
      granted: ['contacts.read', 'contacts.write'],
      uses: [{ scope: 'contacts.write', host: 'api.hubapi.com', calls: 2 }],
      pauses: [{ host: 'api.hubapi.com', kind: 'down', calls: 6, until: ago(-0.001).toISOString() }],
    });
    house.clock.ahead = 600_000;
    expect((await connections.get(lena.workspace, id)).pauses).toEqual([]);
    house.clock.ahead = 0;
  });

  it('revoked have no secret any more and stay revoked', async () => {
    const { id } = await connections.create(ada, hubspot);
    await secrets.revoke(ada, id, 'Seen in a log');
    expect(await connections.get(ada.workspace, id)).toMatchObject({
      status: 'revoked',
      versions: [{ version: 1, state: 'destroyed' }],
    });
    expect(await secretsOf(id)).toEqual([]);
    const revoked = { code: 'connection.revoked' };
    await expect(secrets.rotate(ada, id, { auth: hubspot.auth, keepHours: 1 })).rejects.toMatchObject(revoked);
    await expect(connections.test(ada, id)).rejects.toMatchObject(revoked);
    await expect(secrets.revoke(ada, id, 'Again')).rejects.toMatchObject(revoked);
  });

  it('F11: are unknown to another workspace, to use and to change', async () => {
    const { id } = await connections.create(ada, hubspot);
    const unknown = { code: 'connection.unknown' };
    const calls = house.broker.calls.length;
    await expect(connections.test(stranger, id)).rejects.toMatchObject(unknown);
    await expect(secrets.rotate(stranger, id, { auth: hubspot.auth, keepHours: 1 })).rejects.toMatchObject(unknown);
    await expect(secrets.revoke(stranger, id, 'Mine')).rejects.toMatchObject(unknown);
    expect(await connections.list(stranger.workspace, { limit: 9 })).toEqual([]);
    expect(house.broker.calls).toHaveLength(calls);
    expect(await secretsOf(id)).toHaveLength(1);
  });
});
