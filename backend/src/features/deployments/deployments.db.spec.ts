import { type FieldClass, fieldClasses } from '@sluice/shared/connector';
import type { Json } from '@sluice/shared/lib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type OpenFeatures, openFeatures } from '../../../test/open-features.js';
import type { Actor } from '../../platform/actor.js';
import { openText } from '../../platform/keys/sealing.js';
import { ConnectionsService } from '../connections/connections.service.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import { DraftsService } from '../flows/drafts.service.js';
import { PoliciesService } from '../grants/policies.service.js';
import { FlowsService } from '../flows/flows.service.js';
import { VersionsService } from '../flows/versions.service.js';
import { DecisionsService } from '../grants/decisions.service.js';
import { GrantsService } from '../grants/grants.service.js';
import { DeploymentsService } from './deployments.service.js';
import { EndpointsService } from './endpoints.service.js';

const document = ({ scheme = 'standard-webhooks', subject = 'Thanks', find = false, from = 'email' } = {}): Json => ({
  schema: 'sluice.flow/1',
  slots: { crm: { connector: 'hubspot' }, mail: { connector: 'smtp' } },
  steps: [
    { id: 'paid', kind: 'trigger', connector: 'webhook', trigger: 'received', config: { scheme } },
    find
      ? {
          id: 'keep',
          kind: 'action',
          slot: 'crm',
          action: 'contacts.find',
          input: { email: { $: `trigger.body.${from}` } },
        }
      : {
          id: 'keep',
          kind: 'action',
          slot: 'crm',
          action: 'contacts.upsert',
          input: { email: { $: `trigger.body.${from}` } },
        },
    {
      id: 'thank',
      kind: 'action',
      slot: 'mail',
      action: 'send',
      input: { to: { $: `trigger.body.${from}` }, subject, text: 'Paid' },
    },
  ],
  edges: [
    { from: 'paid', to: 'keep' },
    { from: 'keep', to: 'thank' },
  ],
});

describe('deployments', () => {
  let house: OpenFeatures;
  let flows: FlowsService;
  let deployments: DeploymentsService;
  let endpoints: EndpointsService;
  let grants: GrantsService;
  let decisions: DecisionsService;
  let lena: Actor;
  let mira: Actor;
  let jonas: Actor;
  let stranger: Actor;
  let flow: string;
  const bindings: Record<string, Record<string, string>> = {};

  beforeAll(async () => {
    house = await openFeatures();
    [flows, deployments, endpoints] = [
      house.get(FlowsService),
      house.get(DeploymentsService),
      house.get(EndpointsService),
    ];
    [grants, decisions] = [house.get(GrantsService), house.get(DecisionsService)];
    ({ lena, mira, jonas } = await house.aWorkspace({ lena: ['builder'], mira: ['approver'], jonas: ['admin'] }));
    ({ stranger } = await house.aWorkspace({ stranger: ['owner'] }));
    for (const environment of ['dev', 'staging', 'production'])
      bindings[environment] = await connect(jonas, environment);
  });
  beforeEach(async () => {
    flow = (await flows.create(lena, { name: 'Receipt', document: document() })).id;
    await publish();
  });
  afterAll(() => house.close());

  async function connect(actor: Actor, environment: string): Promise<Record<string, string>> {
    const connections = house.get(ConnectionsService);
    const auth = { kind: 'bearer', token: 'x' } as const;
    const crm = await connections.create(actor, {
      connector: 'hubspot',
      environment,
      name: 'HubSpot',
      auth,
      config: {},
    });
    const config = { host: 'mail.example.com', port: 465, from: 'shop@example.com' };
    const mail = await connections.create(actor, {
      connector: 'smtp',
      environment,
      name: 'Mail',
      auth: { kind: 'none' },
      config,
    });
    return { crm: crm.id, mail: mail.id };
  }
  async function publish(change?: Parameters<typeof document>[0]): Promise<number> {
    if (change !== undefined) await house.get(DraftsService).save(lena, flow, { document: document(change) });
    return (await house.get(VersionsService).publish(lena, flow, null)).version;
  }
  async function deploy(environment: string, version = 1) {
    return await deployments.deploy(lena, flow, {
      environment,
      version,
      bindings: bindings[environment] ?? {},
      reason: 'Asked by sales',
    });
  }
  async function approveAll(requests: readonly { id: string }[]) {
    for (const { id } of requests) await decisions.approve(mira, id, { reason: 'Agreed' });
  }
  async function statuses(): Promise<string[]> {
    const all = await deployments.list(lena.workspace, flow, { limit: 50 });
    return all.map(({ environment, version, status }) => `${environment} v${version} ${status}`);
  }
  async function actionsOf(subject: string): Promise<string[]> {
    const { rows } = await house.pool.query(
      'select action, environment from audit_entry where subject like $1 order by lane, block, pos',
      [`%${subject}%`],
    );
    return rows.map(({ action, environment }) => `${action} ${environment}`);
  }

  describe('where nobody has to approve', () => {
    it('run at once and replace what ran', async () => {
      const first = await deploy('dev');
      expect(first).toMatchObject({ status: 'active', grantRequests: [], createdBy: { name: 'lena' } });
      await publish({ subject: 'Danke' });
      const second = await deploy('dev', 2);
      expect(second.status).toBe('active');
      expect(await statuses()).toEqual(['dev v2 active', 'dev v1 replaced']);
      expect(await actionsOf(second.id)).toEqual(['deployment.activated dev']);
      expect((await flows.get(lena.workspace, flow)).deployments).toEqual([
        { environment: 'dev', version: 2, status: 'active' },
      ]);
      const [crm] = await house
        .get(ConnectionsService)
        .list(lena.workspace, { id: bindings['dev']?.['crm'], limit: 1 });
      expect(crm?.usedBy).toContainEqual({ flow, name: 'Receipt', environment: 'dev', slot: 'crm' });
    });

    it('leave one active when several are made at once', async () => {
      await Promise.all([1, 2, 3, 4].map(() => deploy('dev')));
      expect((await statuses()).toSorted()).toEqual([
        'dev v1 active',
        ...Array.from({ length: 3 }, () => 'dev v1 replaced'),
      ]);
    });

    it('can be started by hand, else there is nothing to start', async () => {
      await expect(deployments.run(lena, flow, { environment: 'dev' })).rejects.toMatchObject({
        code: 'deployment.none',
      });
      const { id } = await deploy('dev');
      expect(await deployments.run(lena, flow, { environment: 'dev', input: { a: 1 } })).toEqual({
        runId: 'run_started',
      });
      expect(house.started.at(-1)).toEqual({ deployment: id, input: { a: 1 } });
    });
  });

  describe('where an approver decides', () => {
    it('wait until every slot is approved; what runs goes on with the grants it has', async () => {
      const first = await deploy('staging');
      expect(first).toMatchObject({ status: 'waiting' });
      expect(
        first.grantRequests
          .map(({ slot, status }) => [slot, status])
          .toSorted(([one = ''], [two = '']) => one.localeCompare(two)),
      ).toEqual([
        ['crm', 'pending'],
        ['mail', 'pending'],
      ]);
      await approveAll(first.grantRequests);
      expect(await statuses()).toEqual(['staging v1 active']);

      await publish({ from: 'second' });
      const second = await deploy('staging', 2);
      const [one, other] = second.grantRequests;
      const approved = await decisions.approve(mira, one?.id ?? '', { reason: 'Agreed', limits: { days: 30 } });
      expect(approved).toMatchObject({ status: 'active', decidedBy: { name: 'mira' }, decisionReason: 'Agreed' });
      expect(Date.parse(approved.expiresAt ?? '') - house.clock.now()).toBeLessThanOrEqual(30 * 86_400_000);
      expect(await statuses()).toEqual(['staging v2 waiting', 'staging v1 active']);
      const inForce = await house.pool.query(
        `select distinct version from approval_grant where flow_id = $1 and status = 'active'`,
        [flow],
      );
      expect(inForce.rows).toEqual([{ version: 1 }]);

      await decisions.approve(mira, other?.id ?? '', { reason: 'Agreed' });
      expect(await statuses()).toEqual(['staging v2 active', 'staging v1 replaced']);
      const { rows } = await house.pool.query(
        'select version, status from approval_grant where flow_id = $1 order by version, status',
        [flow],
      );
      expect(rows).toEqual([1, 1, 2, 2].map((version) => ({ version, status: version === 1 ? 'replaced' : 'active' })));
      expect(await actionsOf(one?.id ?? '')).toEqual(['grant.requested staging', 'grant.approved staging']);
      expect(await actionsOf(second.id)).toEqual(['deployment.requested staging', 'deployment.activated staging']);
    });

    it('run at once when the very same was approved before', async () => {
      await approveAll((await deploy('staging')).grantRequests);
      const again = await deploy('staging');
      expect(again).toMatchObject({ status: 'active', grantRequests: [] });
    });

    it('wait again when a grant has expired or was revoked', async () => {
      await approveAll((await deploy('staging')).grantRequests);
      const [active] = await grants.list(mira, { flow, status: 'active', limit: 9 });
      expect(await decisions.revoke(mira, active?.id ?? '', 'Vendor was breached')).toMatchObject({
        status: 'revoked',
      });
      expect(await statuses()).toEqual(['staging v1 active']);
      expect((await deploy('staging')).grantRequests.map(({ slot }) => slot)).toEqual([active?.slot]);

      house.clock.ahead = 366 * 86_400_000;
      try {
        expect((await deploy('staging')).grantRequests).toHaveLength(2);
        expect(await grants.list(mira, { flow, status: 'active', limit: 9 })).toEqual([]);
        expect(await grants.list(mira, { flow, status: 'expired', limit: 9 })).toHaveLength(1);
      } finally {
        house.clock.ahead = 0;
      }
    });

    it('show the difference against what is in force', async () => {
      const first = await deploy('staging');
      const crm = first.grantRequests.find(({ slot }) => slot === 'crm');
      expect(crm).toMatchObject({
        active: null,
        unchanged: 0,
        risk: 'medium',
        reason: 'Asked by sales',
        flow: { name: 'Receipt' },
        connection: { name: 'HubSpot' },
      });
      expect(crm?.changes.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['scope', 'host', 'call', 'field']));
      await approveAll(first.grantRequests);
      await publish({ find: true });
      const next = (await deploy('staging', 2)).grantRequests.find(({ slot }) => slot === 'crm');
      expect(next?.active?.version).toBe(1);
      expect(
        next?.changes.filter(({ kind }) => kind === 'scope').map(({ change, value }) => `${change} ${value}`),
      ).toEqual(['wider contacts.read', 'less contacts.write']);
      expect(next?.unchanged).toBeGreaterThan(0);
      const decided = await grants.get(mira, crm?.id ?? '');
      expect(decided).toMatchObject({ status: 'active', mayDecide: false });
      // As the approver saw it, now that it is in force itself, and also once something else is.
      const asSeen = { active: null, changes: crm?.changes, unchanged: crm?.unchanged, risk: crm?.risk };
      expect(decided).toMatchObject(asSeen);
      expect(await decisions.refuse(mira, next?.id ?? '', 'Not now')).toMatchObject({ changes: next?.changes });
      await publish({ find: true, from: 'second' });
      await approveAll((await deploy('staging', 3)).grantRequests);
      expect(await grants.get(mira, crm?.id ?? '')).toMatchObject({ status: 'replaced', ...asSeen });
      expect(await grants.get(mira, next?.id ?? '')).toMatchObject({ status: 'refused', changes: next?.changes });
    });

    it('show of a narrowed grant what was granted', async () => {
      const [crm] = (await deploy('staging')).grantRequests.filter(({ slot }) => slot === 'crm');
      const decided = await decisions.approve(mira, crm?.id ?? '', { reason: 'Less', limits: { scopes: [] } });
      expect(decided.changes).toEqual(crm?.changes.filter(({ kind }) => kind !== 'scope'));
    });

    it('never run what was refused, and close its other requests', async () => {
      await approveAll((await deploy('staging')).grantRequests);
      await publish({ from: 'second' });
      const second = await deploy('staging', 2);
      const [one, other] = second.grantRequests;
      expect(await decisions.refuse(mira, one?.id ?? '', 'Too wide')).toMatchObject({
        status: 'refused',
        decisionReason: 'Too wide',
      });
      expect(await statuses()).toEqual(['staging v2 refused', 'staging v1 active']);
      await expect(decisions.approve(mira, other?.id ?? '', { reason: 'Late' })).rejects.toMatchObject({
        code: 'grant.not_pending',
      });
      expect((await flows.get(lena.workspace, flow)).deployments.map(({ status }) => status)).toEqual([
        'active',
        'refused',
      ]);
    });

    it('give way to a newer request', async () => {
      const first = await deploy('staging');
      const second = await deploy('staging');
      expect(await statuses()).toEqual(['staging v1 waiting', 'staging v1 replaced']);
      const old = await grants.get(mira, first.grantRequests[0]?.id ?? '');
      expect(old.status).toBe('replaced');
      await approveAll(second.grantRequests);
      expect(await statuses()).toEqual(['staging v1 active', 'staging v1 replaced']);
    });

    it('run with a narrowed grant, and nobody widens one', async () => {
      const { grantRequests } = await deploy('staging');
      const [mail, crm] = [
        grantRequests.find(({ slot }) => slot === 'mail'),
        grantRequests.find(({ slot }) => slot === 'crm'),
      ];
      await expect(
        decisions.approve(mira, crm?.id ?? '', { reason: 'More', limits: { hosts: ['api.hubapi.com', 'evil.test'] } }),
      ).rejects.toMatchObject({ code: 'grant.wider' });
      await decisions.approve(mira, crm?.id ?? '', { reason: 'Less', limits: { scopes: [] } });
      await decisions.approve(mira, mail?.id ?? '', { reason: 'Agreed' });
      const { rows } = await house.pool.query('select allows, status from approval_grant where id = $1', [crm?.id]);
      expect(rows[0]).toMatchObject({ status: 'active', allows: { scopes: [], hosts: ['api.hubapi.com'] } });
      expect((await deploy('staging')).status).toBe('active');
    });

    it('need four eyes: neither who asked nor who published decides', async () => {
      const both = await house.aWorkspace({ asker: ['admin'], publisher: ['admin'], third: ['approver'] });
      const mine = await connect(both.asker, 'staging');
      const { id } = await flows.create(both.publisher, { name: 'Four eyes', document: document() });
      await house.get(VersionsService).publish(both.publisher, id, null);
      const { grantRequests } = await deployments.deploy(both.asker, id, {
        environment: 'staging',
        version: 1,
        bindings: mine,
      });
      const [request] = grantRequests;
      expect(request).toMatchObject({
        mayDecide: false,
        mayNotBecause: expect.stringContaining('You asked'),
        soloFrom: null,
      });
      for (const actor of [both.asker, both.publisher]) {
        await expect(decisions.approve(actor, request?.id ?? '', { reason: 'Mine' })).rejects.toMatchObject({
          code: 'grant.own_request',
        });
        await expect(decisions.refuse(actor, request?.id ?? '', 'Mine')).rejects.toMatchObject({
          code: 'grant.own_request',
        });
      }
      expect(await decisions.approve(both.third, request?.id ?? '', { reason: 'Agreed' })).toMatchObject({
        status: 'active',
      });
    });

    it('let a sole approver decide alone only after the delay', async () => {
      const { solo } = await house.aWorkspace({ solo: ['owner'] });
      const mine = await connect(solo, 'staging');
      const { id } = await flows.create(solo, { name: 'Alone', document: document() });
      await house.get(VersionsService).publish(solo, id, null);
      const { grantRequests } = await deployments.deploy(solo, id, {
        environment: 'staging',
        version: 1,
        bindings: mine,
      });
      const [one, other] = grantRequests;
      expect(Date.parse(one?.soloFrom ?? '') - Date.parse(one?.requestedAt ?? '')).toBe(900_000);
      await expect(decisions.approve(solo, one?.id ?? '', { reason: 'Mine' })).rejects.toMatchObject({
        code: 'grant.too_early',
        message: expect.stringContaining(one?.soloFrom ?? 'never'),
      });
      house.clock.ahead = 900_000;
      try {
        await decisions.approve(solo, one?.id ?? '', { reason: 'Mine' });
        await decisions.approve(solo, other?.id ?? '', { reason: 'Mine' });
      } finally {
        house.clock.ahead = 0;
      }
      const [active] = await deployments.list(solo.workspace, id, { limit: 1 });
      expect(active?.status).toBe('active');
    });

    it('are decided once, however many decide at the same moment', async () => {
      const { grantRequests } = await deploy('staging');
      const id = grantRequests[0]?.id ?? '';
      const both = await Promise.allSettled([
        decisions.approve(mira, id, { reason: 'Yes' }),
        decisions.refuse(jonas, id, 'No'),
      ]);
      expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'grant.not_pending' } });
    });

    it('end with their flow, and so do its rights', async () => {
      const { grantRequests } = await deploy('staging');
      await approveAll(grantRequests);
      await flows.remove(lena, flow);
      const { rows } = await house.pool.query(
        `select status from deployment where flow_id = $1 union select status from approval_grant where flow_id = $1`,
        [flow],
      );
      expect(rows).toEqual([{ status: 'replaced' }]);
    });
  });

  describe('webhook addresses', () => {
    it('stay the same, show their secret once, and keep it sealed', async () => {
      const [first] = (await deploy('staging')).endpoints;
      expect(first).toMatchObject({
        environment: 'staging',
        step: 'paid',
        scheme: 'standard-webhooks',
        path: `/hooks/${first?.id}`,
        url: `https://sluice.example/hooks/${first?.id}`,
      });
      expect(first?.secret).toMatch(/^whsec_/);
      const [again] = (await deploy('staging')).endpoints;
      expect(again?.id).toBe(first?.id);
      expect(again).not.toHaveProperty('secret');
      expect(await endpoints.list(lena.workspace, flow)).toEqual([
        expect.not.objectContaining({ secret: expect.anything() }),
      ]);
      const { rows } = await house.pool.query('select sealed from endpoint_secret where endpoint_id = $1', [first?.id]);
      const keys = await house.keyring.keys(lena.workspace, 'staging', 'endpoint');
      const place = {
        purpose: 'endpoint',
        workspace: lena.workspace,
        environment: 'staging',
        table: 'endpoint_secret',
        row: `${first?.id}:1`,
        column: 'sealed',
      } as const;
      expect(openText(keys, rows[0].sealed, place)).toBe(first?.secret);
      const log = await house.pool.query('select string_agg(body, $1) as text from audit_entry', ['']);
      expect(log.rows[0].text).not.toContain(first?.secret);
    });

    it('have two live secrets at most after a rotation', async () => {
      const [endpoint] = (await deploy('dev')).endpoints;
      const id = endpoint?.id ?? '';
      const own = await endpoints.rotate(lena, { flow, id, secret: `whsec_${'A'.repeat(43)}=` });
      expect(own.secret).toBe(`whsec_${'A'.repeat(43)}=`);
      const made = await endpoints.rotate(lena, { flow, id });
      expect(made.secret).not.toBe(own.secret);
      const { rows } = await house.pool.query(
        'select version, expires_at from endpoint_secret where endpoint_id = $1 order by version',
        [id],
      );
      expect(rows.map(({ version }) => version)).toEqual([2, 3]);
      expect(rows[0].expires_at.getTime() - house.clock.now()).toBeGreaterThan(23 * 3_600_000);
      expect(rows[1].expires_at).toBeNull();
    });

    it('take a sender’s public key in the secret’s place, and log it; refused ones change nothing', async () => {
      const [endpoint] = (await deploy('dev')).endpoints;
      const id = endpoint?.id ?? '';
      const publicKey = 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=';
      await expect(endpoints.rotate(lena, { flow, id, publicKey: 'whpk_AAAA' })).rejects.toMatchObject({
        code: 'request.invalid',
      });
      expect(await endpoints.rotate(lena, { flow, id, publicKey })).not.toHaveProperty('secret');
      const { rows } = await house.pool.query(
        `select body::jsonb -> 'detail' as detail from audit_entry where action = 'endpoint.rotated' and subject = $1`,
        [id],
      );
      expect(rows).toEqual([{ detail: expect.objectContaining({ version: 2, given: false, publicKey }) }]);
    });

    it('check deliveries by the version that runs, not by the one that waits', async () => {
      await approveAll((await deploy('staging')).grantRequests);
      await publish({ scheme: 'github', from: 'second' });
      const { grantRequests } = await deploy('staging', 2);
      const scheme = async () => (await endpoints.list(lena.workspace, flow)).map((endpoint) => endpoint.scheme);
      expect(await scheme()).toEqual(['standard-webhooks']);
      await approveAll(grantRequests);
      expect(await scheme()).toEqual(['github']);
    });

    it('of a flow that sends what the environment does not take are refused, with the path', async () => {
      const { id, policy } = await house.get(EnvironmentsService).get(jonas.workspace, 'dev');
      const limit = (classes: FieldClass[]) => house.get(PoliciesService).set(jonas, id, { ...policy, classes });
      await limit(['public', 'internal']);
      await expect(deploy('dev')).rejects.toMatchObject({
        code: 'deployment.class_refused',
        issues: expect.arrayContaining([
          { step: 'keep', path: 'input.email', message: expect.stringContaining('paid.body.email -> keep.email') },
        ]),
      });
      await limit([...fieldClasses]);
      expect(await deploy('dev')).toMatchObject({ status: 'active' });
    });

    it('without a signature are refused outside dev', async () => {
      const version = await publish({ scheme: 'none' });
      expect((await deploy('dev', version)).endpoints[0]).toMatchObject({ scheme: 'none' });
      for (const environment of ['staging', 'production'])
        await expect(deploy(environment, version)).rejects.toMatchObject({ code: 'deployment.scheme_refused' });
    });
  });

  describe('F6', () => {
    it('a connection of another environment or workspace is refused like one that never was', async () => {
      const foreign = await connect(stranger, 'dev');
      const say = async (crm: string | undefined) => {
        const given = { environment: 'dev', version: 1, bindings: { ...bindings['dev'], crm: crm ?? '' } };
        return await deployments.deploy(lena, flow, given).catch((error: unknown) => error);
      };
      const refused = {
        code: 'deployment.binding_missing',
        issues: [{ path: 'bindings.crm', message: 'dev has no such connection.' }],
      };
      for (const id of [foreign['crm'], bindings['staging']?.['crm'], 'con_0123456789abcdef', ''])
        expect(await say(id)).toMatchObject(refused);
      expect(await statuses()).toEqual([]);
    });

    it('the id of a connection in a draft is refused before it is kept', async () => {
      const id = bindings['dev']?.['crm'] ?? '';
      const hidden = {
        schema: 'sluice.flow/1',
        steps: [{ id: 'a', kind: 'transform', input: { deep: [{ credentials: { id } }] } }],
      };
      await expect(house.get(DraftsService).save(lena, flow, { document: hidden })).rejects.toMatchObject({
        code: 'flow.invalid_document',
      });
      await expect(flows.create(lena, { name: 'Import', document: JSON.stringify(hidden) })).rejects.toMatchObject({
        code: 'flow.invalid_document',
      });
    });
  });

  it('F17: nothing stands in for an environment, a version or a binding that is missing', async () => {
    await deploy('dev');
    const given = { environment: 'staging', version: 1, bindings: {} };
    await expect(deployments.deploy(lena, flow, given)).rejects.toMatchObject({
      code: 'deployment.binding_missing',
      issues: [{ path: 'bindings.crm' }, { path: 'bindings.mail' }],
    });
    await expect(deployments.deploy(lena, flow, { ...given, environment: 'nowhere' })).rejects.toMatchObject({
      code: 'environment.unknown',
    });
    await expect(deployments.deploy(lena, flow, { ...given, version: 9 })).rejects.toMatchObject({
      code: 'version.unknown',
    });
    await expect(deployments.run(lena, flow, { environment: 'staging' })).rejects.toMatchObject({
      code: 'deployment.none',
    });
    await expect(deployments.run(lena, flow, { environment: 'nowhere' })).rejects.toMatchObject({
      code: 'environment.unknown',
    });
  });

  it('F11: are unknown to another workspace, and so are grants and addresses', async () => {
    const {
      grantRequests,
      endpoints: [endpoint],
    } = await deploy('staging');
    const id = grantRequests[0]?.id ?? '';
    const foreign = await connect(stranger, 'dev');
    await expect(
      deployments.deploy(stranger, flow, { environment: 'dev', version: 1, bindings: foreign }),
    ).rejects.toMatchObject({ code: 'flow.unknown' });
    await expect(deployments.list(stranger.workspace, flow, { limit: 9 })).rejects.toMatchObject({
      code: 'flow.unknown',
    });
    await expect(deployments.run(stranger, flow, { environment: 'dev' })).rejects.toMatchObject({
      code: 'flow.unknown',
    });
    await expect(endpoints.list(stranger.workspace, flow)).rejects.toMatchObject({ code: 'flow.unknown' });
    await expect(endpoints.rotate(stranger, { flow, id: endpoint?.id ?? '' })).rejects.toMatchObject({
      code: 'flow.unknown',
    });
    await expect(grants.get(stranger, id)).rejects.toMatchObject({ code: 'grant.unknown' });
    await expect(decisions.approve(stranger, id, { reason: 'Mine' })).rejects.toMatchObject({ code: 'grant.unknown' });
    await expect(decisions.refuse(stranger, id, 'Mine')).rejects.toMatchObject({ code: 'grant.unknown' });
    await expect(decisions.revoke(stranger, id, 'Mine')).rejects.toMatchObject({ code: 'grant.unknown' });
    expect(await grants.list(stranger, { limit: 9 })).toEqual([]);
    expect((await grants.get(mira, id)).status).toBe('pending');
  });
});
