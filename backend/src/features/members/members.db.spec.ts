import type { Role } from '@sluice/shared/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenApi, openApi } from '../../../test/access/open-api.js';
import { seedTenant, type Tenant } from '../../../test/access/seed-tenant.js';
import { Keyring } from '../../platform/keys/keyring.js';

type Given = { roles?: Role[]; environmentRoles?: Record<string, Role[]>; disabled?: boolean };

describe('members', () => {
  let api: OpenApi;
  let tenant: Tenant;

  beforeAll(async () => {
    api = await openApi();
    tenant = await seedTenant({ owner: api.owner, keyring: api.get(Keyring) });
  });
  afterAll(async () => await api.close());

  const change = async (who: Role, member: string, body: Given) =>
    await api.ask({
      method: 'PATCH',
      path: `/members/${member}`,
      body,
      headers: { cookie: await api.signIn(await tenant.join([who])) },
    });

  it('F11 are given no role by somebody who may do less than it', async () => {
    const member = await tenant.join(['viewer']);
    expect((await change('admin', member, { roles: ['builder', 'auditor'] })).status).toBe(200);
    expect((await change('admin', member, { environmentRoles: { dev: ['approver'] } })).status).toBe(200);
    expect(await change('admin', member, { roles: ['owner'] })).toMatchObject({ status: 403, code: 'access.denied' });
    const owner = await tenant.join(['owner']);
    expect(await change('admin', owner, { roles: ['viewer'] })).toMatchObject({ status: 403, code: 'access.denied' });
    expect((await change('owner', owner, { roles: ['viewer'] })).status).toBe(200);
  });

  it('have one role at least, in an environment that exists, and none there that is about the whole', async () => {
    const member = await tenant.join(['viewer']);
    expect((await change('owner', member, { roles: [] })).status).toBe(400);
    expect((await change('owner', member, { roles: [], environmentRoles: { dev: [] } })).status).toBe(400);
    expect((await change('owner', member, { roles: [], environmentRoles: { moon: ['operator'] } })).status).toBe(404);
    expect((await change('owner', member, { environmentRoles: { dev: ['owner'] } })).status).toBe(400);
    expect((await change('owner', member, { roles: [], environmentRoles: { dev: ['operator'] } })).status).toBe(200);
  });

  it('keep their last owner', async () => {
    const other = await seedTenant({ owner: api.owner, keyring: api.get(Keyring) });
    const owner = await other.join(['owner']);
    const cookie = await api.signIn(owner);
    for (const body of [{ roles: ['admin'] }, { disabled: true }])
      expect(await api.ask({ method: 'PATCH', path: `/members/${owner}`, body, headers: { cookie } })).toMatchObject({
        code: 'member.last_owner',
      });
  });

  it('of a workspace that an owner made begin with its own owner, and neither sees the other', async () => {
    const cookie = await api.signIn(await tenant.join(['owner']));
    const body = { name: 'Northwind', owner: { email: 'noor@example.com', name: 'Noor' } };
    const made = await api.ask({ method: 'POST', path: '/workspaces', body, headers: { cookie } });
    expect(made.status, made.text).toBe(201);
    const { id, owner, setupUrl } = JSON.parse(made.text);
    const token = setupUrl.split('#token=')[1];
    const setup = { token, password: 'a very long password indeed 7' };
    const used = await api.ask({ method: 'POST', path: '/auth/setup', body: setup });
    expect(used.status, used.text).toBe(200);
    await api.owner.query('update member set totp_enrolled_at = now() where id = $1', [owner]);
    const noor = await api.signIn(owner);
    const list = async (path: string, who: string) =>
      (await api.ask({ method: 'GET', path, headers: { cookie: who } })).text;
    expect(JSON.parse(await list('/auth/me', noor))).toMatchObject({
      workspace: { id, name: 'Northwind' },
      roles: ['owner'],
    });
    expect(JSON.parse(await list('/environments', noor)).items).toHaveLength(3);
    expect(JSON.parse(await list('/members', noor)).items).toHaveLength(1);
    expect(await list('/members', cookie)).not.toContain(owner);
    expect(await list('/audit', noor)).not.toContain(tenant.workspace);
    expect(await api.ask({ method: 'POST', path: '/workspaces', body, headers: { cookie } })).toMatchObject({
      code: 'member.email_taken',
    });
  });
});
