import type { EnvironmentPolicy } from '@sluice/shared/api';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type OpenFeatures, openFeatures } from '../../../test/open-features.js';
import type { Actor } from '../../platform/actor.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import { PoliciesService } from './policies.service.js';

let house: OpenFeatures;
let policies: PoliciesService;
let ada: Actor;
let mira: Actor;
let lena: Actor;

beforeAll(async () => {
  house = await openFeatures();
  policies = house.get(PoliciesService);
});
beforeEach(async () => {
  house.clock.ahead = 0;
  ({ ada, mira, lena } = await house.aWorkspace({ ada: ['owner'], mira: ['approver'], lena: ['builder'] }));
});
afterAll(() => house.close());

const get = async (name = 'production') => await house.get(EnvironmentsService).get(ada.workspace, name);
async function change(policy: Partial<EnvironmentPolicy>, name?: string) {
  const found = await get(name);
  return await policies.set(ada, found.id, { ...found.policy, ...policy });
}
async function proposed(policy: Partial<EnvironmentPolicy>): Promise<{ id: string; proposal: string }> {
  const { id, proposal } = await change(policy);
  if (proposal === null) throw new Error('Nothing waits');
  return { id, proposal: proposal.id };
}
async function entries() {
  const { rows } = await house.pool.query(
    `select body from audit_entry where workspace_id = $1 and action like 'environment.%' order by at, id`,
    [ada.workspace],
  );
  return rows.map(({ body }) => JSON.parse(body));
}
async function told() {
  const { rows } = await house.pool.query(
    'select kind, about, audience, detail from notice_cause where workspace_id = $1 order by id',
    [ada.workspace],
  );
  return rows;
}

describe('a looser policy', () => {
  it('waits until a second person agrees to exactly it, and the log holds it before and after', async () => {
    const asked = await change({ approval: false, grantDays: 366 });
    expect(asked).toMatchObject({
      policy: { approval: true },
      proposal: { policy: { approval: false, grantDays: 366 }, looser: ['approval', 'grantDays'], by: { name: 'ada' } },
    });
    expect(await get()).toEqual(asked);
    const { id } = asked;
    const proposal = asked.proposal?.id ?? '';
    await expect(policies.confirm(ada, id, proposal)).rejects.toMatchObject({ code: 'grant.own_request' });
    await expect(policies.confirm(lena, id, proposal)).rejects.toMatchObject({ code: 'access.denied' });
    await expect(policies.confirm(mira, id, 'pch_other')).rejects.toMatchObject({ code: 'environment.no_proposal' });
    expect((await get()).policy.approval).toBe(true);

    const after = { policy: { approval: false, grantDays: 366 }, proposal: null };
    expect(await policies.confirm(mira, id, proposal)).toMatchObject(after);
    expect(await get()).toMatchObject(after);
    expect(await entries()).toMatchObject([
      { action: 'environment.policy_proposed', environment: 'production', detail: { policy: { approval: false } } },
      {
        action: 'environment.policy_changed',
        actor: { id: mira.member },
        detail: { askedBy: ada.member, proposal, before: { approval: true }, policy: { approval: false } },
      },
    ]);
    expect(await told()).toMatchObject([
      {
        kind: 'policy.asked',
        about: { name: 'production', environment: 'production' },
        audience: { roles: ['approver', 'admin', 'owner'], except: ada.member },
      },
      { kind: 'policy.loosened', audience: { roles: ['admin', 'owner'] }, detail: { by: 'mira' } },
    ]);
  });

  it.each<[string, Partial<EnvironmentPolicy>]>([
    ['production', { production: false }],
    ['fourEyes', { fourEyes: false }],
    ['twoApprovers', { twoApprovers: false }],
    ['newApproverHours', { newApproverHours: 1 }],
    ['grantDays', { grantDays: 366 }],
    ['code', { code: true }],
    ['production', { production: false, masked: ['health'] }],
    ['masked', { production: false, masked: ['health'] }],
    ['webhooks', { webhooks: { unsignedUntil: new Date(Date.now() + 30 * 86_400_000).toISOString() } }],
  ])('of %s is not in force by one person', async (rule, policy) => {
    const { policy: before } = await get();
    const changed = await change(policy);
    expect(changed.policy).toEqual(before);
    expect(changed.proposal?.looser).toContain(rule);
  });

  it('of hosts, classes, signatures and the environment before is told from a firmer one', async () => {
    const firm = { hosts: ['*.example.com'], classes: ['public' as const], after: 'staging' };
    const firmer = await change({ ...firm, webhooks: { schemes: ['github', 'stripe'] } });
    expect(firmer).toMatchObject({ policy: firm, proposal: null });
    const narrower = { hosts: ['api.example.com', '*.eu.example.com'], webhooks: { schemes: ['github' as const] } };
    expect(await change(narrower)).toMatchObject({ policy: narrower, proposal: null });
    const wider = { hosts: ['example.org'], classes: ['secret' as const], after: 'dev' };
    const { proposal } = await change({ ...wider, webhooks: { schemes: ['slack'] } });
    expect(proposal?.looser).toEqual(['classes', 'hosts', 'webhooks', 'after']);
  });

  it('takes deliveries without a signature for 90 days at most', async () => {
    const until = (days: number) => ({
      webhooks: { unsignedUntil: new Date(house.clock.now() + days * 86_400_000).toISOString() },
    });
    await expect(change(until(91))).rejects.toMatchObject({ code: 'environment.waiver_too_long' });
    expect((await get()).proposal).toBeNull();
    const another = { approval: false, production: false };
    const make = (policy: object) =>
      house.get(EnvironmentsService).create(ada, { name: 'sandbox', policy: { ...another, ...policy } });
    await expect(make(until(91))).rejects.toMatchObject({ code: 'environment.waiver_too_long' });
    expect((await change(until(89))).proposal?.looser).toEqual(['webhooks']);
  });

  it('is withdrawn by whoever asked, or refused by another, and asked for once at a time', async () => {
    const first = await proposed({ fourEyes: false });
    await expect(change({ code: true })).rejects.toMatchObject({ code: 'environment.proposal_waits' });
    await expect(policies.refuse(lena, first.id, { ...first, reason: 'x' })).rejects.toMatchObject({
      code: 'access.denied',
    });
    expect((await policies.refuse(ada, first.id, { ...first, reason: 'Not needed' })).proposal).toBeNull();
    const second = await proposed({ fourEyes: false });
    await policies.refuse(mira, second.id, { ...second, reason: 'Too loose' });
    await expect(policies.confirm(mira, second.id, second.proposal)).rejects.toMatchObject({
      code: 'environment.no_proposal',
    });
    expect((await entries()).map(({ action, detail }) => [action, detail.reason])).toEqual([
      ['environment.policy_proposed', undefined],
      ['environment.policy_withdrawn', 'Not needed'],
      ['environment.policy_proposed', undefined],
      ['environment.policy_refused', 'Too loose'],
    ]);
  });

  it('keeps what somebody made firmer meanwhile', async () => {
    const { id, proposal } = await proposed({ fourEyes: false });
    const firmer = await change({ grantDays: 30 });
    expect(firmer).toMatchObject({
      policy: { grantDays: 30 },
      proposal: { policy: { grantDays: 30, fourEyes: false } },
    });
    expect((await policies.confirm(mira, id, proposal)).policy).toMatchObject({ grantDays: 30, fourEyes: false });
  });

  it('waits for the delay where nobody else may decide there, and ends after 14 days', async () => {
    await house.pool.query(`update member set roles = '{viewer}' where id = $1`, [mira.member]);
    const { id, proposal } = await proposed({ fourEyes: false });
    house.clock.ahead = 899_000;
    await expect(policies.confirm(ada, id, proposal)).rejects.toMatchObject({ code: 'grant.too_early' });
    house.clock.ahead = 901_000;
    expect(await policies.confirm(ada, id, proposal)).toMatchObject({ policy: { fourEyes: false } });
    const late = await proposed({ twoApprovers: false });
    house.clock.ahead += 14 * 86_400_000;
    expect((await get()).proposal).toBeNull();
    await expect(policies.confirm(ada, id, late.proposal)).rejects.toMatchObject({ code: 'environment.no_proposal' });
  });

  it('is agreed to by somebody who may decide in that environment alone, and by nobody who could not a day ago', async () => {
    await house.pool.query(
      `update member set roles = '{}', environment_roles = '{"production": ["approver"]}', decider_since = $2 where id = $1`,
      [mira.member, house.clock.date()],
    );
    const only: Actor = { ...mira, roles: [], environmentRoles: { production: ['approver'] } };
    const { id, proposal } = await proposed({ code: true });
    house.clock.ahead = 901_000;
    await expect(policies.confirm(ada, id, proposal)).rejects.toMatchObject({ code: 'grant.own_request' });
    await expect(policies.confirm(only, id, proposal)).rejects.toMatchObject({ code: 'grant.new_approver' });
    house.clock.ahead = 86_400_000;
    expect((await policies.confirm(only, id, proposal)).policy.code).toBe(true);
  });

  it('is one person’s where nobody has to approve anything', async () => {
    expect(await change({ code: true }, 'dev')).toMatchObject({ policy: { code: true }, proposal: null });
  });
});
