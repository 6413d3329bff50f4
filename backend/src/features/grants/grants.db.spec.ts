import type { EnvironmentPolicy, Grant } from '@sluice/shared/api';
import type { Json } from '@sluice/shared/lib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type OpenFeatures, openFeatures } from '../../../test/open-features.js';
import type { Actor } from '../../platform/actor.js';
import { ConnectionsService } from '../connections/connections.service.js';
import { DeploymentsService } from '../deployments/deployments.service.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import { DraftsService } from '../flows/drafts.service.js';
import { FlowsService } from '../flows/flows.service.js';
import { VersionsService } from '../flows/versions.service.js';
import { DecisionsService } from './decisions.service.js';
import { GrantsService } from './grants.service.js';
import { PoliciesService } from './policies.service.js';
import { ReviewsService } from './reviews.service.js';
import { OverdueService } from './overdue.service.js';

const dayMs = 86_400_000;

/** Finds or keeps a contact, and pays back where `refund` says so. */
const document = (
  given: { input?: object; action?: string; refund?: boolean; note?: string; scheme?: string } = {},
): Json => {
  const { input = { email: { $: 'steps.map.email' } }, action = 'contacts.upsert', refund = false, note = 'a' } = given;
  const steps = [
    {
      id: 'paid',
      kind: 'trigger',
      connector: 'webhook',
      trigger: 'received',
      config: { scheme: given.scheme ?? 'github' },
    },
    {
      id: 'map',
      kind: 'transform',
      input: { email: { $: 'trigger.body.email' }, iban: { $: 'trigger.body.iban' }, note },
    },
    { id: 'keep', kind: 'action', slot: 'crm', action, input },
    ...(refund
      ? [
          {
            id: 'back',
            kind: 'action',
            slot: 'pay',
            action: 'refunds.create',
            input: { charge: { $: 'trigger.body.charge' } },
          },
        ]
      : []),
  ];
  const edges = steps.slice(1).map(({ id }, at) => ({ from: steps[at]?.id ?? '', to: id }));
  const slots = { crm: { connector: 'hubspot' }, ...(refund ? { pay: { connector: 'stripe' } } : {}) };
  return JSON.parse(JSON.stringify({ schema: 'sluice.flow/1', slots, steps, edges }));
};

/** One slot for two steps: a contact is looked up, then kept. */
const bothActions = (): Json => ({
  schema: 'sluice.flow/1',
  slots: { crm: { connector: 'hubspot' } },
  steps: [
    { id: 'paid', kind: 'trigger', connector: 'webhook', trigger: 'received', config: { scheme: 'github' } },
    ...['contacts.find', 'contacts.upsert'].map((action, at) => ({
      id: `step${at}`,
      kind: 'action',
      slot: 'crm',
      action,
      input: { email: { $: 'trigger.body.email' } },
    })),
  ],
  edges: [
    { from: 'paid', to: 'step0' },
    { from: 'step0', to: 'step1' },
  ],
});

describe('grants', () => {
  let house: OpenFeatures;
  let decisions: DecisionsService;
  let grants: GrantsService;
  let lena: Actor;
  let mira: Actor;
  let jonas: Actor;
  let noor: Actor;
  let flow: string;
  let bindings: Record<string, Record<string, string>>;

  beforeAll(async () => {
    house = await openFeatures();
    [decisions, grants] = [house.get(DecisionsService), house.get(GrantsService)];
  });
  beforeEach(async () => {
    house.clock.ahead = 0;
    ({ lena, mira, jonas, noor } = await house.aWorkspace({
      lena: ['builder'],
      mira: ['approver'],
      jonas: ['admin'],
      noor: ['approver'],
    }));
    bindings = {};
    for (const environment of ['dev', 'staging', 'production']) bindings[environment] = await connect(environment);
    flow = (await house.get(FlowsService).create(lena, { name: 'Receipt', document: document() })).id;
    await house.get(VersionsService).publish(lena, flow, null);
  });
  afterAll(() => house.close());

  async function connect(environment: string): Promise<Record<string, string>> {
    const made: Record<string, string> = {};
    for (const [slot, connector] of [['crm', 'hubspot'] as const, ['pay', 'stripe'] as const]) {
      const auth = { kind: 'bearer', token: 'x' } as const;
      const given = { connector, environment, name: connector, auth, config: {} };
      made[slot] = (await house.get(ConnectionsService).create(jonas, given)).id;
    }
    return made;
  }
  async function publish(change: Parameters<typeof document>[0], by = lena): Promise<number> {
    await house.get(DraftsService).save(by, flow, { document: document(change) });
    return (await house.get(VersionsService).publish(lena, flow, null)).version;
  }
  async function deploy(environment: string, version = 1, by = lena) {
    const all = bindings[environment] ?? {};
    const { manifest } = await house.get(VersionsService).get(lena.workspace, flow, version);
    const used = Object.fromEntries(Object.entries(all).filter(([slot]) => Object.hasOwn(manifest.slots, slot)));
    return await house.get(DeploymentsService).deploy(by, flow, { environment, version, bindings: used });
  }
  async function request(environment: string, version = 1): Promise<Grant> {
    const [first] = (await deploy(environment, version)).grantRequests;
    if (first === undefined) throw new Error('Nothing was asked for');
    return first;
  }
  async function setPolicy(name: string, change: Partial<EnvironmentPolicy>) {
    const found = await house.get(EnvironmentsService).get(lena.workspace, name);
    const { proposal } = await house.get(PoliciesService).set(jonas, found.id, { ...found.policy, ...change });
    if (proposal !== null) await house.get(PoliciesService).confirm(mira, found.id, proposal.id);
  }
  async function running(environment: string): Promise<string[]> {
    const all = await house.get(DeploymentsService).list(lena.workspace, flow, { limit: 50 });
    return all.filter((one) => one.environment === environment).map(({ version, status }) => `v${version} ${status}`);
  }
  async function actions(subject: string): Promise<string[]> {
    const { rows } = await house.pool.query(
      'select action from audit_entry where subject like $1 order by lane, block, pos',
      [`%${subject}%`],
    );
    return rows.map(({ action }) => action);
  }
  async function told(kind: string) {
    const { rows } = await house.pool.query(
      'select about, audience, detail from notice_cause where kind = $1 and workspace_id = $2 order by id',
      [kind, lena.workspace],
    );
    return rows;
  }
  const approve = (by: Actor, { id }: Grant, body: Partial<Parameters<DecisionsService['approve']>[2]> = {}) =>
    decisions.approve(by, id, { reason: 'Agreed', ...body });

  describe('of a version that needs the same or less', () => {
    it('go on under the approval that was given, and the log says so', async () => {
      const first = await approve(mira, await request('staging'), { limits: { days: 30 } });
      const again = await deploy('staging', await publish({ note: 'b' }));

      expect(again).toMatchObject({ status: 'active', grantRequests: [] });
      expect(await running('staging')).toEqual(['v2 active', 'v1 replaced']);
      const [carried, before] = await grants.list(mira, { flow, environment: 'staging', limit: 9 });
      expect(before).toMatchObject({ id: first.id, status: 'replaced' });
      expect(carried).toMatchObject({
        status: 'active',
        version: 2,
        carriedFrom: first.id,
        expiresAt: first.expiresAt,
      });
      expect(carried?.hash).not.toBe(first.hash);
      expect(await actions(carried?.id ?? '')).toEqual(['grant.carried_over']);
    });

    it('stay as narrow as they were made', async () => {
      const narrowed = { limits: { scopes: [] } };
      await approve(mira, await request('staging'), narrowed);
      await deploy('staging', await publish({ note: 'b' }));
      const { rows } = await house.pool.query(
        `select allows from approval_grant where status = 'active' and flow_id = $1`,
        [flow],
      );
      expect(rows.map(({ allows }) => allows.scopes)).toEqual([[]]);
    });
  });

  describe('of several slots of a version', () => {
    async function both(environment = 'staging') {
      const asked = await deploy(environment, await publish({ refund: true }));
      const [crm, pay] = ['crm', 'pay'].map((name) => asked.grantRequests.find(({ slot }) => slot === name)?.id ?? '');
      return { deployment: asked.id, crm: crm ?? '', pay: pay ?? '' };
    }
    const statuses = async () =>
      (await grants.list(mira, { flow, limit: 9 })).map(({ slot, status }) => `${slot} ${status}`).toSorted();

    it('are asked for once, and approved by one decision, each as narrow as it was made', async () => {
      const { deployment, crm, pay } = await both();
      expect(await told('grant.asked')).toHaveLength(1);
      const decided = await decisions.approveTogether(mira, deployment, {
        reason: 'Agreed',
        grants: { [crm]: { days: 10, scopes: [] }, [pay]: {} },
      });
      expect(decided.map(({ status }) => status)).toEqual(['active', 'active']);
      expect(decided.find(({ id }) => id === crm)?.allows?.scopes).toEqual([]);
      expect(decided.find(({ id }) => id === pay)?.allows?.scopes).not.toEqual([]);
      expect(await running('staging')).toEqual(['v2 active']);
      expect(await actions(deployment)).toEqual(['deployment.requested', 'deployment.activated']);
      for (const id of [crm, pay]) expect(await actions(id)).toEqual(['grant.requested', 'grant.approved']);
    });

    it('stay all as they were when one of them can not be decided so', async () => {
      const { deployment, crm, pay } = await both();
      const grantsOf = { [crm]: {}, [pay]: { scopes: ['everything'] } };
      await expect(
        decisions.approveTogether(mira, deployment, { reason: 'Agreed', grants: grantsOf }),
      ).rejects.toMatchObject({ code: 'grant.wider' });
      expect(await statuses()).toEqual(['crm pending', 'pay pending']);
      expect(await actions(crm)).toEqual(['grant.requested']);
    });

    it('are not decided with those of another deployment', async () => {
      const { deployment, crm } = await both();
      const other = await request('production');
      await expect(
        decisions.approveTogether(mira, deployment, { reason: 'Agreed', grants: { [crm]: {}, [other.id]: {} } }),
      ).rejects.toMatchObject({ code: 'grant.wider', issues: [{ path: `grants.${other.id}` }] });
      expect((await grants.get(mira, crm)).status).toBe('pending');
    });

    it('need two signatures only where the risk is high', async () => {
      await house.pool.query(`update member set created_at = now() - interval '9 days' where workspace_id = $1`, [
        lena.workspace,
      ]);
      const { deployment, crm, pay } = await both('staging');
      await setPolicy('staging', { twoApprovers: true });
      const both2 = { reason: 'Agreed', grants: { [crm]: {}, [pay]: {} } };
      await decisions.approveTogether(mira, deployment, both2);
      expect((await grants.get(mira, pay)).status).toBe('pending');
      expect(await running('staging')).toEqual(['v2 waiting']);
      const open = (await grants.list(mira, { deployment, status: 'pending', limit: 9 })).map(({ id }) => [id, {}]);
      await decisions.approveTogether(noor, deployment, { reason: 'Agreed', grants: Object.fromEntries(open) });
      expect(await running('staging')).toEqual(['v2 active']);
    });

    it('are looked at together after an emergency, but for those that one gave himself', async () => {
      const emergency = { reason: 'Outage', emergency: true };
      const { deployment, crm, pay } = await both('production');
      await expect(decisions.review(mira, deployment, 'Nothing yet')).rejects.toMatchObject({
        code: 'grant.not_reviewable',
      });
      await decisions.approveTogether(jonas, deployment, { ...emergency, grants: { [crm]: {}, [pay]: {} } });
      expect(await running('production')).toEqual(['v2 active']);
      const own = { code: 'grant.own_emergency' };
      await expect(decisions.review(jonas, deployment, 'Fine')).rejects.toMatchObject(own);
      const seen = await decisions.review(mira, deployment, 'The outage was real');
      expect(seen.map(({ slot, review }) => `${slot} ${review?.by.name}: ${review?.note}`).toSorted()).toEqual([
        'crm mira: The outage was real',
        'pay mira: The outage was real',
      ]);
      for (const id of [crm, pay]) expect((await actions(id)).at(-1)).toBe('grant.emergency_reviewed');
      await expect(decisions.review(noor, deployment, 'Twice')).rejects.toMatchObject({ code: 'grant.not_reviewable' });

      const next = await both('staging');
      await decisions.approveTogether(jonas, next.deployment, { ...emergency, grants: { [next.crm]: {} } });
      await decisions.approveTogether(mira, next.deployment, { ...emergency, grants: { [next.pay]: {} } });
      const reviewed = async () =>
        (await grants.list(noor, { deployment: next.deployment, limit: 9 }))
          .map(({ slot, review }) => `${slot} ${review?.by.name}`)
          .toSorted();
      await decisions.review(jonas, next.deployment, 'Hers');
      expect(await reviewed()).toEqual(['crm undefined', 'pay jonas']);
      await decisions.review(mira, next.deployment, 'His');
      expect(await reviewed()).toEqual(['crm mira', 'pay jonas']);
    });

    it('are refused by one decision, each with the reason', async () => {
      const { deployment, crm, pay } = await both();
      const refused = await decisions.refuseTogether(mira, deployment, 'Too wide');
      expect(refused.map(({ decisionReason }) => decisionReason)).toEqual(['Too wide', 'Too wide']);
      expect(await statuses()).toEqual(['crm refused', 'pay refused']);
      expect(await running('staging')).toEqual(['v2 refused']);
      for (const id of [crm, pay]) expect(await actions(id)).toEqual(['grant.requested', 'grant.refused']);
      await expect(decisions.refuseTogether(mira, deployment, 'Again')).rejects.toMatchObject({
        code: 'grant.not_pending',
      });
    });
  });

  it.each([
    ['another scope', { action: 'contacts.find' }],
    ['another field', { input: { email: { $: 'steps.map.email' }, phone: { $: 'trigger.body.phone' } } }],
    ['the same field, filled from something else', { input: { email: { $: 'steps.map.iban' } } }],
  ])('are asked for anew when a version needs %s, and the approved one runs on', async (_what, change) => {
    await approve(mira, await request('staging'));
    const wider = await deploy('staging', await publish(change));
    expect(wider.status).toBe('waiting');
    expect(await running('staging')).toEqual(['v2 waiting', 'v1 active']);
    expect(await grants.list(mira, { flow, status: 'active', limit: 9 })).toMatchObject([{ version: 1 }]);
  });

  it('end after 14 days without a decision, and with them the deployment that waits', async () => {
    const asked = await request('staging');
    house.clock.ahead = 14 * dayMs;
    try {
      expect((await grants.get(mira, asked.id)).status).toBe('expired');
      await expect(approve(mira, asked)).rejects.toMatchObject({ code: 'grant.request_expired' });
      await house.get(OverdueService).sweep();
      expect(await running('staging')).toEqual(['v1 refused']);
      expect(await actions(asked.id)).toEqual(['grant.requested', 'grant.request_expired']);
      expect(await request('staging')).toMatchObject({ status: 'pending' });
    } finally {
      house.clock.ahead = 0;
    }
  });

  it('are told of to the flow’s owner 14 and 3 days before their end and at it, each once', async () => {
    const { id } = await approve(mira, await request('staging'), { limits: { days: 20 } });
    const overdue = house.get(OverdueService);
    for (const days of [5, 7, 16, 18, 21, 22]) {
      house.clock.ahead = days * dayMs;
      await overdue.sweep();
    }
    const all = await told('grant.ending');
    expect(all).toMatchObject(
      [14, 3, 0].map((daysBefore) => ({
        about: { flow, environment: 'staging' },
        audience: { flow },
        detail: { daysBefore },
      })),
    );
    expect(await actions(id)).toEqual([
      'grant.requested',
      'grant.approved',
      'grant.ending',
      'grant.ending',
      'grant.ended',
    ]);
  });

  it('that last an hour are told of when they have ended, not as ending soon', async () => {
    await approve(jonas, await request('production'), { emergency: true });
    await house.get(OverdueService).sweep();
    expect(await told('grant.ending')).toEqual([]);
    house.clock.ahead = 3_601_000;
    await house.get(OverdueService).sweep();
    expect(await told('grant.ending')).toMatchObject([{ detail: { daysBefore: 0 } }]);
  });

  it('last no longer than the policy lets them', async () => {
    await setPolicy('staging', { grantDays: 30 });
    const asked = await request('staging');
    expect(asked.longestDays).toBe(30);
    await expect(approve(mira, asked, { limits: { days: 31 } })).rejects.toMatchObject({
      code: 'grant.wider',
      issues: [{ path: 'limits.days' }],
    });
    const { expiresAt } = await approve(mira, asked);
    expect(Date.parse(expiresAt ?? '') - house.clock.now()).toBeLessThanOrEqual(30 * dayMs);
  });

  it('need somebody else than who edited last', async () => {
    const version = await publish({ note: 'b' }, jonas);
    const asked = await request('staging', version);
    await expect(approve(jonas, asked)).rejects.toMatchObject({ code: 'grant.own_request' });
    expect((await approve(mira, asked)).status).toBe('active');
  });

  describe('where somebody may decide in production alone', () => {
    beforeEach(async () => {
      await house.pool.query('update member set disabled_at = now() where id = $1', [noor.member]);
      await house.pool.query(
        `update member set roles = '{}', environment_roles = '{"production": ["approver"]}' where id = $1`,
        [mira.member],
      );
      mira = { ...mira, roles: [], environmentRoles: { production: ['approver'] } };
    });

    it('need four eyes and two signatures in production', async () => {
      const asked = (await deploy('production', 1, jonas)).grantRequests[0];
      if (asked === undefined) throw new Error('Nothing was asked for');
      expect(asked).toMatchObject({ signaturesNeeded: 2 });
      house.clock.ahead = 900_000;
      await expect(approve(jonas, asked)).rejects.toMatchObject({ code: 'grant.own_request' });
      expect(await approve(mira, asked)).toMatchObject({ status: 'pending' });
    });

    it('wait for the delay elsewhere, where one is alone', async () => {
      const asked = (await deploy('staging', 1, jonas)).grantRequests[0];
      if (asked === undefined) throw new Error('Nothing was asked for');
      await expect(approve(mira, asked)).rejects.toMatchObject({ code: 'access.denied' });
      await expect(approve(jonas, asked)).rejects.toMatchObject({ code: 'grant.too_early' });
      house.clock.ahead = 900_000;
      expect(await approve(jonas, asked)).toMatchObject({ status: 'active' });
    });
  });

  describe('of high risk in production', () => {
    it('need two different approvers, and the second signs what the first left', async () => {
      const asked = await request('production');
      expect(asked).toMatchObject({ highRisk: ['new-vendor'], signaturesNeeded: 2, signatures: [] });
      const once = await approve(mira, asked, { limits: { days: 90, calls: [] } });
      expect(once).toMatchObject({ status: 'pending', signatures: [{ by: { name: 'mira' }, allows: { calls: [] } }] });
      expect(await running('production')).toEqual(['v1 waiting']);
      await expect(approve(mira, asked)).rejects.toMatchObject({ code: 'grant.signed_already' });
      await expect(approve(noor, asked, { limits: { calls: asked.asks.calls } })).rejects.toMatchObject({
        code: 'grant.wider',
      });
      const twice = await approve(noor, asked, { limits: { days: 180 } });
      expect(twice).toMatchObject({ status: 'active', hash: once.hash, expiresAt: once.expiresAt });
      expect(twice.signatures.map(({ by }) => by.name)).toEqual(['mira', 'noor']);
      expect(await running('production')).toEqual(['v1 active']);
      expect(await actions(asked.id)).toEqual(['grant.requested', 'grant.signed', 'grant.approved']);
    });

    it('are those that move money; a vendor that was approved before is none', async () => {
      await approve(mira, await request('staging'));
      const version = await publish({ refund: true });
      const { grantRequests } = await deploy('production', version);
      const risks = Object.fromEntries(grantRequests.map(({ slot, highRisk }) => [slot, highRisk]));
      expect(risks).toEqual({ crm: [], pay: ['money', 'new-vendor'] });
    });

    it('are signed by no approver of less than a day', async () => {
      const asked = await request('production');
      await house.pool.query('update member set decider_since = $2 where id = $1', [mira.member, house.clock.date()]);
      await expect(approve(mira, asked)).rejects.toMatchObject({ code: 'grant.new_approver' });
      expect((await grants.get(mira, asked.id)).mayNotBecause).toContain('production');
    });

    it('are refused by one', async () => {
      const asked = await request('production');
      await approve(mira, asked);
      expect(await decisions.refuse(noor, asked.id, 'Too wide')).toMatchObject({ status: 'refused', expiresAt: null });
      expect(await running('production')).toEqual(['v1 refused']);
    });

    it('are given by one person for an hour in an emergency, and somebody else looks at it afterwards', async () => {
      const asked = await request('production');
      await house.pool.query('update member set decider_since = $2 where id = $1', [jonas.member, house.clock.date()]);
      await expect(approve(jonas, asked, { emergency: true })).rejects.toMatchObject({ code: 'grant.new_approver' });
      await house.pool.query('update member set decider_since = null where id = $1', [jonas.member]);
      const given = await approve(jonas, asked, { emergency: true });
      expect(given).toMatchObject({ status: 'active', emergency: true, review: null });
      expect(Date.parse(given.expiresAt ?? '') - house.clock.now()).toBeLessThanOrEqual(3_600_000);
      expect(await actions(given.id)).toEqual(['grant.requested', 'grant.emergency_approved']);
      expect(await told('grant.emergency')).toMatchObject([
        {
          about: { flow, environment: 'production' },
          audience: { roles: ['approver', 'admin', 'owner'], except: jonas.member },
          detail: { by: 'jonas' },
        },
      ]);
      await expect(decisions.review(jonas, given.deployment, 'Fine')).rejects.toMatchObject({
        code: 'grant.own_emergency',
      });
      house.clock.ahead = 25 * 3_600_000;
      const next = await request('production');
      await expect(approve(jonas, next, { emergency: true })).rejects.toMatchObject({ code: 'grant.review_due' });
      house.clock.ahead = 0;
      expect(await decisions.review(mira, given.deployment, 'Real')).toMatchObject([
        { review: { by: { name: 'mira' } } },
      ]);
      await expect(decisions.review(noor, given.deployment, 'Twice')).rejects.toMatchObject({
        code: 'grant.not_reviewable',
      });
      expect((await deploy('production', await publish({ note: 'b' }))).status).toBe('waiting');
    });
  });

  describe('are narrowed', () => {
    it('by a field that the step can do without', async () => {
      const input = { email: { $: 'steps.map.email' }, phone: { $: 'trigger.body.phone' } };
      const asked = await request('staging', await publish({ input }));
      const fields = asked.asks.fields.filter((field) => !field.endsWith(':phone'));
      const given = await approve(mira, asked, { limits: { fields } });
      expect(given).toMatchObject({ status: 'active' });
      const { rows } = await house.pool.query('select allows from approval_grant where id = $1', [asked.id]);
      expect(rows[0].allows.fields).toEqual(['personal:email']);
    });

    it('by no field that the step needs', async () => {
      const asked = await request('staging');
      await expect(approve(mira, asked, { limits: { fields: [] } })).rejects.toMatchObject({
        code: 'grant.needed',
        issues: [{ path: 'limits.fields', step: 'keep' }],
      });
      expect((await grants.get(mira, asked.id)).status).toBe('pending');
    });

    it('by what comes in of an answer, as far as the step does without it', async () => {
      const asked = await request('staging');
      expect(asked.asks.replies).toEqual(expect.arrayContaining(['message', 'results.id']));
      const without = (field: string) => ({ limits: { replies: asked.asks.replies.filter((one) => one !== field) } });
      await expect(approve(mira, asked, without('results.id'))).rejects.toMatchObject({
        code: 'grant.needed',
        issues: [
          { path: 'limits.replies', step: 'keep', message: expect.stringContaining('results.id of its answer') },
        ],
      });
      const given = await approve(mira, asked, without('message'));
      expect(given.allows?.replies).toEqual(asked.asks.replies.filter((one) => one !== 'message'));
      expect(given.hash).not.toBe(asked.hash);
    });

    it('by a rate', async () => {
      const rate = { callsPerSecond: 2, burst: 5 };
      expect(await approve(mira, await request('staging'), { limits: { rate } })).toMatchObject({ rate });
    });
  });

  describe('of which a part is not used', () => {
    const use = async (grant: string, day: number, given: { scopes: string[]; calls: number }) =>
      await house.pool.query(
        `insert into grant_use (grant_id, day, step, call, host, scopes, fields, calls, last_used_at)
         values ($1, $2::timestamptz, 'keep', 'POST /crm/v3/objects/contacts/batch/upsert', 'api.hubapi.com', $3, '{personal:email}', $4, $2)`,
        [grant, new Date(house.clock.now() + day * dayMs), given.scopes, given.calls],
      );

    it('are listed after 90 days with the exact smaller grant, which is asked for and approved like any other', async () => {
      const reviews = house.get(ReviewsService);
      // Two steps on one slot: what only the second needs is never used.
      await house.get(DraftsService).save(lena, flow, { document: bothActions() });
      const { version } = await house.get(VersionsService).publish(lena, flow, null);
      const given = await approve(mira, await request('staging', version));
      await use(given.id, 5, { scopes: ['contacts.write'], calls: 40 });
      await use(given.id, 80, { scopes: ['contacts.write'], calls: 2 });
      house.clock.ahead = 89 * dayMs;
      try {
        expect(await reviews.list(lena.workspace, {})).toEqual([]);
        house.clock.ahead = 91 * dayMs;
        const [found] = await reviews.list(lena.workspace, {});
        expect(found).toMatchObject({
          grant: given.id,
          days: 90,
          calls: 42,
          wouldHaveRefused: 0,
          smaller: { scopes: ['contacts.write'], calls: ['POST /crm/v3/objects/contacts/batch/upsert'] },
          request: null,
        });
        expect(found?.unused.map(({ kind, value }) => `${kind} ${value}`)).toEqual([
          'scope contacts.read',
          expect.stringMatching(/^call /),
        ]);
        const asked = await reviews.shrink(lena, { grant: given.id });
        expect(asked).toMatchObject({
          status: 'pending',
          reason: 'Not used for 90 days; the last 90 days would have been refused 0 times.',
          changes: [{ change: 'less', value: 'contacts.read' }, { change: 'less' }],
        });
        await expect(reviews.shrink(lena, { grant: given.id })).rejects.toMatchObject({ code: 'grant.nothing_unused' });
        expect((await reviews.list(lena.workspace, {}))[0]?.request).toBe(asked.id);
        await approve(mira, asked);
        expect(await running('staging')).toEqual([`v${version} active`]);
        expect(await grants.list(mira, { flow, status: 'active', limit: 9 })).toMatchObject([
          { id: asked.id, asks: { scopes: ['contacts.write'] } },
        ]);
        expect(await reviews.list(lena.workspace, {})).toEqual([]);
      } finally {
        house.clock.ahead = 0;
      }
    });

    it('are left alone where the policy looks back further, and come to nobody else', async () => {
      const given = await approve(mira, await request('staging'));
      await setPolicy('staging', { reviewDays: 120 });
      const { stranger } = await house.aWorkspace({ stranger: ['owner'] });
      house.clock.ahead = 100 * dayMs;
      try {
        expect(await house.get(ReviewsService).list(lena.workspace, {})).toEqual([]);
        house.clock.ahead = 121 * dayMs;
        expect(await house.get(ReviewsService).list(lena.workspace, {})).toHaveLength(1);
        expect(await house.get(ReviewsService).list(stranger.workspace, {})).toEqual([]);
        await expect(house.get(ReviewsService).shrink(stranger, { grant: given.id })).rejects.toMatchObject({
          code: 'grant.unknown',
        });
      } finally {
        house.clock.ahead = 0;
      }
    });
  });

  describe('an environment’s policy', () => {
    it('keeps out what would call a host that it does not allow', async () => {
      await setPolicy('dev', { hosts: ['*.stripe.com'] });
      await expect(deploy('dev')).rejects.toMatchObject({
        code: 'deployment.host_refused',
        issues: [{ message: 'The policy of dev does not allow api.hubapi.com.' }],
      });
      await setPolicy('dev', { hosts: ['*.hubapi.com'] });
      expect((await deploy('dev')).status).toBe('active');
    });

    it('takes the webhooks it names, and unsigned ones as long as its waiver lasts', async () => {
      await setPolicy('staging', { webhooks: { schemes: ['stripe'] } });
      await expect(deploy('staging')).rejects.toMatchObject({ code: 'deployment.scheme_refused' });
      const version = await publish({ scheme: 'none' });
      await expect(deploy('staging', version)).rejects.toMatchObject({ code: 'deployment.scheme_refused' });
      await setPolicy('staging', { webhooks: { unsignedUntil: new Date(house.clock.now() + dayMs).toISOString() } });
      expect((await deploy('staging', version)).status).toBe('waiting');
    });

    it('takes only content that ran where it has to run first, whatever its number', async () => {
      await setPolicy('production', { after: 'staging' });
      await expect(deploy('production')).rejects.toMatchObject({ code: 'deployment.not_promoted' });
      const asked = await request('staging');
      await expect(deploy('production')).rejects.toMatchObject({ code: 'deployment.not_promoted' });
      await approve(mira, asked);
      expect((await deploy('production')).status).toBe('waiting');
    });

    it('names an environment that is there, and not itself', async () => {
      for (const after of ['nowhere', 'production'])
        await expect(setPolicy('production', { after })).rejects.toMatchObject({ code: 'environment.unknown' });
    });
  });

  it('F17: a promotion takes no connection, grant or address of the environment before along', async () => {
    await approve(mira, await request('staging'));
    const deployments = house.get(DeploymentsService);
    const given = { environment: 'production', version: 1 };
    await expect(deployments.deploy(lena, flow, { ...given, bindings: {} })).rejects.toMatchObject({
      code: 'deployment.binding_missing',
      issues: [{ path: 'bindings.crm' }],
    });
    const crm = bindings['staging']?.['crm'] ?? '';
    await expect(deployments.deploy(lena, flow, { ...given, bindings: { crm } })).rejects.toMatchObject({
      code: 'deployment.binding_missing',
      issues: [{ message: 'production has no such connection.' }],
    });
    const promoted = await deploy('production');
    expect(promoted).toMatchObject({ status: 'waiting', grantRequests: [{ status: 'pending' }] });
    const [staging] = (await deploy('staging')).endpoints;
    expect(promoted.endpoints[0]?.id).not.toBe(staging?.id);
    expect(await running('production')).toEqual(['v1 waiting']);
  });
});
