import type { Role } from '@sluice/shared/api';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { type OpenApi, openApi, type Told } from '../../../../test/access/open-api.js';
import { seedTenant, type Tenant } from '../../../../test/access/seed-tenant.js';
import { waitFor } from '../../../../test/wait-for.js';
import { Clock } from '../../../platform/clock.js';
import { Keyring } from '../../../platform/keys/keyring.js';

const madeSchema = z.object({ id: z.string(), token: z.string(), prefix: z.string() });
type Made = z.output<typeof madeSchema>;

describe('API tokens', () => {
  let api: OpenApi;
  let tenant: Tenant;
  let member = '';
  let cookie = '';

  beforeAll(async () => {
    api = await openApi();
    tenant = await seedTenant({ owner: api.owner, keyring: api.get(Keyring) });
  });
  beforeEach(async () => void (await signIn(['builder', 'operator'])));
  afterAll(async () => await api.close());

  async function signIn(roles: Role[]): Promise<string> {
    member = await tenant.join(roles);
    cookie = await api.signIn(member);
    return cookie;
  }

  async function make(more: object = {}): Promise<Made> {
    const body = { name: 'CI', permissions: ['flows.read', 'flows.run', 'runs.read'], ...more };
    const told = await api.ask({ method: 'POST', path: '/tokens', body, headers: { cookie } });
    expect(told.status, told.text).toBe(201);
    return madeSchema.parse(JSON.parse(told.text));
  }

  async function as(
    token: string,
    path = '/flows',
    more: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Told> {
    const { method = 'GET', body, headers = {} } = more;
    return await api.ask({
      method,
      path,
      ...(body === undefined ? {} : { body }),
      headers: { authorization: `Bearer ${token}`, ...headers },
    });
  }

  const entries = async (action: string) =>
    (
      await api.owner.query('select body from audit_entry where action = $1 order by stored_at, pos', [action])
    ).rows.map(({ body }) => JSON.parse(body));

  it('are shown once, stored as a hash, and known by how they begin', async () => {
    const { token, prefix, id } = await make();
    expect(token).toMatch(/^slc_[\w-]{43}$/);
    expect(token.startsWith(prefix)).toBe(true);
    const { rows } = await api.owner.query('select t::text as stored from api_token t where id = $1', [id]);
    expect(rows[0].stored).not.toContain(token.slice(10));
    const list = await api.ask({ method: 'GET', path: '/tokens', headers: { cookie } });
    expect(list.text).toContain(prefix);
    expect(list.text).not.toContain(token.slice(10));
    const [entry] = (await entries('token.created')).slice(-1);
    expect(JSON.stringify(entry)).not.toContain(token.slice(10));
    expect(entry).toMatchObject({ actor: { id: member }, subject: { id }, detail: { name: 'CI', prefix } });
  });

  it('open what they carry and nothing else, without an Origin', async () => {
    const { token, id } = await make();
    expect((await as(token)).status).toBe(200);
    const flow = tenant.things.dev.flow;
    const refused = await as(token, `/flows/${flow}`, { method: 'PATCH', body: { name: 'Other' } });
    expect(refused).toMatchObject({ status: 403, code: 'access.denied' });
    expect((await entries('request.refused')).at(-1)).toMatchObject({
      actor: { id: member },
      detail: { token: id, code: 'access.denied' },
    });
    const run = await as(token, `/flows/${flow}/run`, { method: 'POST', body: { environment: 'dev' } });
    expect(run.code).not.toBe('access.denied');
    const me: unknown = JSON.parse((await as(token, '/auth/me')).text);
    expect(me).toMatchObject({ permissions: ['flows.read', 'flows.run', 'runs.read'], steppedUpUntil: null });
  });

  it('of one environment open nothing in another', async () => {
    const { token } = await make({ environments: ['dev'] });
    const { dev, production } = tenant.things;
    expect((await as(token, `/runs/${dev.run}`)).status).toBe(200);
    expect((await as(token, `/runs/${production.run}`)).status).toBe(404);
    const run = await as(token, `/flows/${production.flow}/run`, {
      method: 'POST',
      body: { environment: 'production' },
    });
    expect([403, 404]).toContain(run.status);
    expect((await as(token, '/runs')).text).not.toContain(production.run);
  });

  it('never carry what their member lacks, and lose what he loses', async () => {
    const body = { name: 'x', permissions: ['environments.manage'] };
    const refused = await api.ask({ method: 'POST', path: '/tokens', body, headers: { cookie } });
    expect(refused).toMatchObject({ status: 403, code: 'access.denied' });
    const { token } = await make();
    await api.owner.query(
      'update member set roles = \'{}\', environment_roles = \'{"dev": ["builder"]}\' where id = $1',
      [member],
    );
    expect((await as(token, `/runs/${tenant.things.dev.run}`)).status).toBe(200);
    expect((await as(token, `/runs/${tenant.things.production.run}`)).status).toBe(404);
    await api.owner.query("update member set environment_roles = '{}' where id = $1", [member]);
    expect(await as(token)).toMatchObject({ status: 403, code: 'access.denied' });
  });

  it('can not be given what is left to people', async () => {
    await signIn(['owner']);
    for (const permission of ['members.manage', 'grants.decide', 'workspaces.create']) {
      const told = await api.ask({
        method: 'POST',
        path: '/tokens',
        body: { name: 'x', permissions: [permission] },
        headers: { cookie },
      });
      expect(told, permission).toMatchObject({ status: 400 });
    }
  });

  it('make and end no tokens and have no second factor, whatever session comes along', async () => {
    const { token, id } = await make({ permissions: ['flows.read', 'flows.deploy'] });
    const { flow, endpoint } = tenant.things.dev;
    for (const [method, path, body] of [
      ['GET', '/tokens', undefined],
      ['POST', '/tokens', { name: 'x', permissions: ['flows.read'] }],
      ['DELETE', `/tokens/${id}`, undefined],
      ['GET', '/auth/sessions', undefined],
      ['POST', '/auth/logout', undefined],
      ['POST', `/flows/${flow}/endpoints/${endpoint}/rotate`, {}],
    ] as const)
      expect(await as(token, path, { method, body, headers: { cookie } }), path).toMatchObject({ status: 403 });
    expect(await as('slc_nobody', '/flows', { headers: { cookie } })).toMatchObject({
      status: 401,
      code: 'token.invalid',
    });
    expect(await as('', '/flows', { headers: { cookie } })).toMatchObject({ status: 401, code: 'token.invalid' });
  });

  it.each([
    ['revoked', async (id: string) => await api.ask({ method: 'DELETE', path: `/tokens/${id}`, headers: { cookie } })],
    [
      'expired',
      async (id: string) =>
        await api.owner.query("update api_token set expires_at = now() - interval '1 second' where id = $1", [id]),
    ],
    [
      'of somebody who is switched off',
      async () => await api.owner.query('update member set disabled_at = now() where id = $1', [member]),
    ],
    [
      'of somebody without a second factor',
      async () => await api.owner.query('update member set totp_enrolled_at = null where id = $1', [member]),
    ],
  ] as const)('open nothing from the moment they are %s', async (_, end) => {
    const { token, id } = await make();
    expect((await as(token)).status).toBe(200);
    await end(id);
    expect(await as(token)).toMatchObject({ status: 401, code: 'token.invalid' });
  });

  it('open only from the addresses that they were made for', async () => {
    const { token, id } = await make({ cidrs: ['203.0.113.0/24'] });
    const from = (address: string) => as(token, '/flows', { headers: { 'x-forwarded-for': address } });
    expect((await from('203.0.113.9')).status).toBe(200);
    expect(await from('198.51.100.9')).toMatchObject({ status: 403, code: 'token.wrong_address' });
    expect((await entries('request.refused')).at(-1)).toMatchObject({ actor: { id: member }, detail: { token: id } });
  });

  it('tell when and from where they were used last', async () => {
    const { token, id } = await make();
    await as(token, '/flows', { headers: { 'x-forwarded-for': '203.0.113.9' } });
    const { rows } = await waitFor(async () => {
      const found = await api.owner.query(
        'select last_used_at, last_used_from from api_token where id = $1 and last_used_at is not null',
        [id],
      );
      return found.rowCount === 1 ? found : undefined;
    });
    expect(rows[0].last_used_from).toBe('203.0.113.9');
  });

  it('are slowed down, each by itself, and so is who tries tokens out', async () => {
    const [{ token }, other] = [await make(), await make()];
    // However long the machine takes: for the limits no time passes.
    const stopped = vi.spyOn(api.get(Clock), 'now').mockReturnValue(Date.now());
    const answers = await Promise.all(Array.from({ length: 210 }, () => as(token, '/connectors')));
    expect(answers.filter(({ status }) => status === 429).length).toBe(10);
    expect((await as(other.token)).status).toBe(200);
    const guess = () => as(`slc_${'x'.repeat(43)}`, '/flows', { headers: { 'x-forwarded-for': '192.0.2.7' } });
    const guesses = await Promise.all(Array.from({ length: 25 }, guess));
    expect(guesses.filter(({ status }) => status === 429).length).toBe(5);
    expect((await as(other.token)).status).toBe(200);
    stopped.mockRestore();
  });

  it('are seen and revoked by their member and who manages members, by nobody else', async () => {
    const { id } = await make();
    const stranger = await signIn(['builder']);
    const list = async (who: string) =>
      (await api.ask({ method: 'GET', path: '/tokens', headers: { cookie: who } })).text;
    expect(await list(stranger)).not.toContain(id);
    expect(await api.ask({ method: 'DELETE', path: `/tokens/${id}`, headers: { cookie: stranger } })).toMatchObject({
      status: 404,
      code: 'token.unknown',
    });
    const admin = await signIn(['admin']);
    expect(await list(admin)).toContain(id);
    expect((await api.ask({ method: 'DELETE', path: `/tokens/${id}`, headers: { cookie: admin } })).status).toBe(200);
    expect((await entries('token.revoked')).at(-1)).toMatchObject({ subject: { id } });
  });

  it('name environments that exist', async () => {
    const told = await api.ask({
      method: 'POST',
      path: '/tokens',
      body: { name: 'x', permissions: ['flows.read'], environments: ['moon'] },
      headers: { cookie },
    });
    expect(told).toMatchObject({ status: 404, code: 'environment.unknown' });
  });
});

describe('admins', () => {
  it('work from the addresses that SLUICE_ADMIN_CIDRS names, and others from anywhere', async () => {
    const api = await openApi();
    const tenant = await seedTenant({ owner: api.owner, keyring: api.get(Keyring) });
    const ask = async (roles: Role[], address: string, here: Parameters<typeof tenant.join>[1] = {}) =>
      await api.ask({
        method: 'GET',
        path: '/flows',
        headers: { cookie: await api.signIn(await tenant.join(roles, here)), 'x-forwarded-for': address },
      });
    expect((await ask(['admin'], '203.0.113.5')).status).toBe(200);
    expect(await ask(['owner'], '198.51.100.5')).toMatchObject({ status: 403, code: 'auth.wrong_address' });
    expect((await ask(['builder'], '198.51.100.5')).status).toBe(200);
    expect((await ask([], '198.51.100.5', { dev: ['admin'] })).code).toBe('auth.wrong_address');
    expect((await ask([], '203.0.113.5', { dev: ['admin'] })).status).toBe(200);
    await api.close();
  });
});
