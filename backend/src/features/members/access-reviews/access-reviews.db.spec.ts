import type { Role } from '@sluice/shared/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenApi, openApi } from '../../../../test/access/open-api.js';
import { seedTenant, type Tenant } from '../../../../test/access/seed-tenant.js';
import { Keyring } from '../../../platform/keys/keyring.js';

describe('access reviews', () => {
  let api: OpenApi;
  let tenant: Tenant;
  let cookie: string;
  let auditor: string;

  beforeAll(async () => {
    api = await openApi();
    tenant = await seedTenant({ owner: api.owner, keyring: api.get(Keyring) });
    auditor = await tenant.join(['auditor']);
    cookie = await api.signIn(auditor);
  });
  afterAll(async () => await api.close());

  const ask = async (method: string, path: string, body?: object, as = cookie) =>
    await api.ask({ method, path, ...(body && { body }), headers: { cookie: as } });
  const find = async (member: string) => {
    const { text } = await ask('GET', '/access-reviews');
    return JSON.parse(text).items.find((each: { member: { id: string } }) => each.member.id === member);
  };
  const sign = async (member: string, seen: string) =>
    await ask('POST', '/access-reviews', { member, seen, note: 'In the team' });

  it('are signed for what was seen, and due again once it changed', async () => {
    const member = await tenant.join(['builder']);
    const before = await find(member);
    expect(before).toMatchObject({ due: 'never', reviewed: null, tokens: [] });
    expect((await sign(member, before.seen)).status).toBe(201);
    expect(await find(member)).toMatchObject({
      due: null,
      reviewed: { by: { id: auditor }, note: 'In the team' },
    });
    const roles: Role[] = ['builder', 'operator'];
    const owner = await api.signIn(await tenant.join(['owner']));
    expect((await ask('PATCH', `/members/${member}`, { roles }, owner)).status).toBe(200);
    expect(await find(member)).toMatchObject({ due: 'changed', reviewed: { by: { id: auditor } } });
    // What was seen then is not what stands there now.
    expect(await sign(member, before.seen)).toMatchObject({ status: 409, code: 'access_review.changed' });
    expect((await find(member)).due).toBe('changed');
  });

  it('are no member’s own to sign, nor of a member of another workspace', async () => {
    const { seen } = await find(auditor);
    expect(await sign(auditor, seen)).toMatchObject({ status: 403, code: 'access_review.own' });
    const other = await seedTenant({ owner: api.owner, keyring: api.get(Keyring) });
    expect(await sign(await other.join(['viewer']), seen)).toMatchObject({ status: 404, code: 'member.unknown' });
  });

  it('leave an entry in the log that says what was signed', async () => {
    const member = await tenant.join(['approver']);
    const { seen } = await find(member);
    await sign(member, seen);
    const { text } = await ask('GET', '/audit?action=member.access_reviewed');
    expect(text).toContain(`"seen":"${seen}"`);
  });
});
