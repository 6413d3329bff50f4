import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenFeatures, openFeatures } from '../../../test/open-features.js';
import type { Actor } from '../../platform/actor.js';
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
    const key = await house.keyring.key(ada.workspace, 'dev', 'secret');
    const place = {
      purpose: 'secret',
      workspace: ada.workspace,
      environment: 'dev',
      table: 'connection_secret',
      column: 'sealed',
    } as const;
    return rows.map(({ version, sealed }) => ({
      version,
      auth: JSON.parse(openText(key, sealed, { ...place, row: `${id}:${version}` })),
    }));
  }

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
