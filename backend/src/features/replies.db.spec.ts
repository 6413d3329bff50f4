import type { Type } from '@nestjs/common';
import type { Contract } from '@sluice/shared/api';
import type { Json } from '@sluice/shared/lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenFeatures, openFeatures } from '../../test/open-features.js';
import type { Actor } from '../platform/actor.js';
import { Answer, contractKey } from '../platform/http/route.js';
import { ConnectionsController } from './connections/connections.controller.js';
import { ConnectorsController } from './connectors/connectors.controller.js';
import { DeploymentsController } from './deployments/deployments.controller.js';
import { FlowsController } from './flows/flows.controller.js';
import { EnvironmentsController } from './environments/environments.controller.js';
import { GrantsController } from './grants/grants.controller.js';
import { PoliciesController } from './grants/policies.controller.js';
import { KillSwitchesController } from './kill-switches/kill-switches.controller.js';

interface Given {
  params?: object;
  query?: object;
  body?: object;
}
interface Told {
  id: string;
  items: { id: string }[];
  grantRequests: { id: string }[];
  endpoints: { id: string }[];
  proposal?: { id: string } | null;
}

const flowDocument: Json = {
  schema: 'sluice.flow/1',
  slots: { crm: { connector: 'hubspot' } },
  steps: [
    { id: 'paid', kind: 'trigger', connector: 'webhook', trigger: 'received' },
    {
      id: 'keep',
      kind: 'action',
      slot: 'crm',
      action: 'contacts.upsert',
      input: { email: { $: 'trigger.body.email' } },
    },
  ],
  edges: [{ from: 'paid', to: 'keep' }],
};

/** An API as small as one can be. */
const apiDocument = {
  openapi: '3.1.0',
  info: { title: 'Ledger', version: '1' },
  servers: [{ url: 'https://ledger.example.com' }],
  paths: { '/entries': { get: { operationId: 'listEntries', responses: { 200: { description: 'All of them' } } } } },
};

/** These speak with a service: for authorization (the journey of connections), for SSH (the specs of SFTP), or any (choices.db.spec.ts). */
const needsService = new Set([
  'ConnectionsController.authorize',
  'ConnectionsController.finishAuthorization',
  'ConnectionsController.readHostKey',
  'ConnectionsController.approveHostKey',
  'ConnectionsController.listChoices',
]);

describe('answers', () => {
  let house: OpenFeatures;
  let lena: Actor;
  let mira: Actor;
  const answered = new Set<string>();

  beforeAll(async () => {
    house = await openFeatures();
    ({ lena, mira } = await house.aWorkspace({ lena: ['owner'], mira: ['approver'] }));
  });
  afterAll(() => house.close());

  async function ask(
    controller: Type<object>,
    name: string,
    { params, query, body }: Given = {},
    actor = lena,
  ): Promise<Told> {
    const handlers = house.get(controller);
    const handler: unknown = Reflect.get(handlers, name);
    if (typeof handler !== 'function') throw new Error(`No handler ${name}`);
    const contract: Contract = Reflect.getMetadata(contractKey, handler);
    const given = {
      actor,
      requestId: actor.requestId,
      params: params ?? {},
      query: contract.query?.parse(query ?? {}),
      body: contract.body?.parse(body ?? {}),
    };
    const told: unknown = await Reflect.apply(handler, handlers, [given]);
    const [status, answer] = told instanceof Answer ? [told.status, told.body] : [contract.status ?? 200, told];
    expect([contract.status ?? 200, contract.alsoStatus]).toContain(status);
    answered.add(`${controller.name}.${name}`);
    return JSON.parse(JSON.stringify(contract.reply.parse(answer)));
  }

  it('fit their contracts from a first flow to a decision', async () => {
    await ask(ConnectorsController, 'list');
    await ask(ConnectorsController, 'get', { params: { id: 'hubspot' } });
    const imported = await ask(ConnectorsController, 'import', { body: { openapi: apiDocument } });
    await ask(ConnectorsController, 'versions', { params: { id: imported.id } });
    const computed = (text: string) =>
      ask(ConnectorsController, 'compute', { body: { connector: 'csv', computation: 'parse', input: { text } } });
    expect(await computed('sku,n\na,1')).toEqual({ output: expect.objectContaining({ count: 1 }), refused: null });
    expect(await computed('sku,sku\na,1')).toEqual({ output: null, refused: expect.stringMatching(/\w/) });
    expect(await computed('x'.repeat(70_000))).toEqual({ output: null, refused: expect.stringContaining('64 kB') });
    const bind = async (environment: string) =>
      (
        await ask(ConnectionsController, 'create', {
          body: { connector: 'hubspot', environment, name: 'HubSpot', auth: { kind: 'bearer', token: 'x' } },
        })
      ).id;
    const [dev, staging] = [await bind('dev'), await bind('staging')];
    await ask(ConnectionsController, 'test', { params: { id: dev } });
    await ask(ConnectionsController, 'change', {
      params: { id: dev },
      body: { limits: { callsPerSecond: 5, burst: 10 } },
    });
    await ask(ConnectionsController, 'rotate', { params: { id: dev }, body: { auth: { kind: 'bearer', token: 'y' } } });
    await ask(ConnectionsController, 'rollBack', { params: { id: dev }, body: { version: 1 } });
    await ask(ConnectionsController, 'get', { params: { id: dev } });

    const params = { id: (await ask(FlowsController, 'create', { body: { name: 'Receipt' } })).id };
    await ask(FlowsController, 'saveDraft', { params, body: { document: flowDocument, baseRevision: 0 } });
    const greeting = { at: ['steps', 'keep', 'name'], to: 'Receipt' };
    await ask(FlowsController, 'changeDraft', { params, body: { changes: [greeting], baseRevision: 0 } });
    for (const tab of ['tab_one_1', 'tab_two_2'])
      await ask(FlowsController, 'tellPresence', { params, body: { tab, step: null, isHere: true } });
    for (const name of ['get', 'draft', 'check', 'publish', 'listVersions', 'list'])
      await ask(FlowsController, name, { params });
    await ask(FlowsController, 'getVersion', { params: { ...params, version: 1 } });
    await ask(FlowsController, 'rename', { params, body: { name: 'Receipts' } });

    await ask(DeploymentsController, 'try', { params, body: { environment: 'dev', bindings: { crm: dev } } });
    const active = await ask(DeploymentsController, 'deploy', {
      params,
      body: { environment: 'dev', version: 1, bindings: { crm: dev } },
    });
    await ask(DeploymentsController, 'run', {
      params,
      body: { environment: 'dev', input: { email: 'a@example.com' } },
    });
    const endpointId = active.endpoints[0]?.id;
    await ask(DeploymentsController, 'rotateEndpoint', { params: { ...params, endpointId } });
    for (const name of ['listEndpoints', 'listPolls', 'list']) await ask(DeploymentsController, name, { params });

    const deploy = async () => {
      const body = { environment: 'staging', version: 1, bindings: { crm: staging } };
      const { id, grantRequests } = await ask(DeploymentsController, 'deploy', { params, body });
      return { deployment: { id }, grant: grantRequests[0]?.id ?? '' };
    };
    const request = async () => (await deploy()).grant;
    const unwanted = await deploy();
    const body = { reason: 'Too wide' };
    await ask(GrantsController, 'refuseDeployment', { params: unwanted.deployment, body }, mira);
    const wanted = await deploy();
    const together = { reason: 'Agreed', grants: { [wanted.grant]: { days: 30 } } };
    await ask(GrantsController, 'approveDeployment', { params: wanted.deployment, body: together }, mira);
    await ask(GrantsController, 'revoke', { params: { id: wanted.grant }, body: { reason: 'Breach' } }, mira);
    const refused = { id: await request() };
    await ask(GrantsController, 'refuse', { params: refused, body: { reason: 'Too wide' } }, mira);
    const approved = { id: await request() };
    await ask(GrantsController, 'get', { params: approved });
    await ask(
      GrantsController,
      'approve',
      { params: approved, body: { reason: 'Agreed', limits: { days: 30 } } },
      mira,
    );
    await ask(GrantsController, 'list', { query: { status: 'active' } });
    await ask(GrantsController, 'revoke', { params: approved, body: { reason: 'Breach' } }, mira);
    const urgent = await deploy();
    const alone = { reason: 'Outage', emergency: true };
    await ask(GrantsController, 'approve', { params: { id: urgent.grant }, body: alone }, mira);
    await ask(GrantsController, 'review', { params: urgent.deployment, body: { note: 'It was real' } });
    const stop = await ask(KillSwitchesController, 'set', {
      body: { target: { kind: 'connection', id: dev }, reason: 'Breach' },
    });
    await ask(KillSwitchesController, 'list', { query: { status: 'on' } });
    await ask(KillSwitchesController, 'release', { params: { id: stop.id } });
    await ask(ConnectionsController, 'list');
    await ask(ConnectionsController, 'revoke', { params: { id: dev }, body: { reason: 'Seen in a log' } });
    await ask(FlowsController, 'remove', { params });

    const [production] = (await ask(EnvironmentsController, 'list')).items.slice(2);
    const place = { params: { id: production?.id } };
    const policy = { approval: true, production: true };
    const loosen = async () =>
      (await ask(PoliciesController, 'update', { ...place, body: { policy: { ...policy, fourEyes: false } } })).proposal
        ?.id;
    const once = { proposal: await loosen(), reason: 'Not now' };
    await ask(PoliciesController, 'refuse', { ...place, body: once }, mira);
    await ask(PoliciesController, 'confirm', { ...place, body: { proposal: await loosen() } }, mira);
    await ask(EnvironmentsController, 'create', { body: { name: 'qa', policy } });

    const handlers = [
      EnvironmentsController,
      PoliciesController,
      ConnectorsController,
      ConnectionsController,
      FlowsController,
      DeploymentsController,
      GrantsController,
      KillSwitchesController,
    ].flatMap((controller) =>
      Object.getOwnPropertyNames(controller.prototype)
        .filter((name) => name !== 'constructor')
        .map((name) => `${controller.name}.${name}`),
    );
    const others = handlers.filter((name) => !needsService.has(name));
    expect([...answered].toSorted()).toEqual(others.toSorted());
  });

  it('page through a list without losing or repeating one', async () => {
    const { ada } = await house.aWorkspace({ ada: ['builder'] });
    for (let at = 0; at < 5; at += 1) await ask(FlowsController, 'create', { body: { name: `Flow ${at}` } }, ada);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page: Told & { next?: string | null } = await ask(
        FlowsController,
        'list',
        { query: { limit: 2, cursor } },
        ada,
      );
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toHaveLength(5);
    expect(new Set(seen).size).toBe(5);
  });
});
