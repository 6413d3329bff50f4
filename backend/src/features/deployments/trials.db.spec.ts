import type { Json } from '@sluice/shared/lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenFeatures, openFeatures } from '../../../test/open-features.js';
import type { Actor } from '../../platform/actor.js';
import { ConnectionsService } from '../connections/connections.service.js';
import { ImportsService } from '../connectors/imports.service.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import { DraftsService } from '../flows/drafts.service.js';
import { FlowsService } from '../flows/flows.service.js';
import { VersionsService } from '../flows/versions.service.js';
import { DeploymentsService } from './deployments.service.js';
import { TrialsService } from './trials.service.js';

const document: Json = {
  schema: 'sluice.flow/1',
  slots: { crm: { connector: 'hubspot' }, mail: { connector: 'smtp' } },
  steps: [
    { id: 'paid', kind: 'trigger', connector: 'webhook', trigger: 'received', config: { scheme: 'standard-webhooks' } },
    {
      id: 'keep',
      kind: 'action',
      slot: 'crm',
      action: 'contacts.upsert',
      input: { email: { $: 'trigger.body.email' } },
    },
    { id: 'thank', kind: 'action', slot: 'mail', action: 'send', input: {} },
  ],
  edges: [
    { from: 'paid', to: 'keep' },
    { from: 'keep', to: 'thank' },
  ],
};

describe('trials of a draft', () => {
  let house: OpenFeatures;
  let trials: TrialsService;
  let [lena, jonas, nobody]: Actor[] = [];
  let flow: string;
  const body = { environment: 'dev', standIns: {}, bindings: {} };

  beforeAll(async () => {
    house = await openFeatures();
    trials = house.get(TrialsService);
    const people = await house.aWorkspace({ lena: ['builder'], jonas: ['admin'], nobody: ['operator'] });
    [lena, jonas, nobody] = [people.lena, people.jonas, people.nobody];
    for (const name of ['HubSpot', 'Other'])
      await house.get(ConnectionsService).create(people.jonas, {
        connector: 'hubspot',
        environment: name === 'HubSpot' ? 'dev' : 'staging',
        name,
        auth: { kind: 'bearer', token: 'x' },
        config: {},
      });
    await house.get(EnvironmentsService).create(people.jonas, {
      name: 'next',
      policy: { approval: false, production: false, retentionDays: 14, after: 'dev' },
    });
    flow = (await house.get(FlowsService).create(people.lena, { name: 'Receipt', document })).id;
  });
  afterAll(() => house.close());
  const start = (actor: Actor | undefined, more: object) => {
    if (actor === undefined) throw new Error('There is nobody');
    return trials.start(actor, flow, { ...body, ...more });
  };

  it('runs up to a step with the only connection there is, and leaves versions and deployments as they are', async () => {
    await start(lena, { upTo: 'keep', input: { email: 'a@example.com' } });
    const asked = house.tried.at(-1);
    const { rows } = await house.pool.query('select * from deployment where id = $1', [asked?.deployment]);
    expect(rows[0]).toMatchObject({ status: 'trial', version: -1, environment: 'dev', activated_at: null });
    expect(Object.keys(rows[0].bindings)).toEqual(['crm']);
    const tried = await house.get(VersionsService).get(lena?.workspace ?? '', flow, -1);
    expect(tried.document.steps.map(({ id }) => id)).toEqual(['paid', 'keep']);

    await start(lena, { upTo: 'keep' });
    const again = await house.pool.query('select count(*)::int as n from flow_version where flow_id = $1', [flow]);
    expect(again.rows[0].n).toBe(1);
    expect(await house.get(VersionsService).list(lena?.workspace ?? '', flow, { before: null, limit: 9 })).toEqual([]);
    expect(await house.get(DeploymentsService).list(lena?.workspace ?? '', flow, { limit: 9 })).toEqual([]);
    expect((await house.get(FlowsService).get(lena?.workspace ?? '', flow)).latestVersion).toBeNull();
  });

  it('needs no connection for what has a stand-in, and excuses what is unfinished of it', async () => {
    await expect(start(lena, {})).rejects.toMatchObject({ code: 'flow.has_problems' });
    await start(lena, { standIns: { keep: { id: '1' }, thank: { accepted: [] } } });
    expect(house.tried.at(-1)?.standIns).toHaveProperty('thank');
  });

  it.each([
    ['where somebody has to approve', { environment: 'staging', upTo: 'keep' }, 'trial.not_here'],
    ['where a version has to have run elsewhere before', { environment: 'next', upTo: 'keep' }, 'trial.not_here'],
    ['a step that is not there', { upTo: 'gone' }, 'trial.wrong_step'],
    ['a stand-in for the trigger', { upTo: 'keep', standIns: { paid: {} } }, 'trial.wrong_step'],
    ['a connection of elsewhere', { upTo: 'keep', bindings: { crm: 'con_00' } }, 'deployment.binding_missing'],
  ])('refuses %s', async (_what, more, code) => {
    const before = house.tried.length;
    await expect(start(lena, more)).rejects.toMatchObject({ code });
    expect(house.tried).toHaveLength(before);
  });

  it('is not for those who may not deploy', async () => {
    await expect(start(nobody, { upTo: 'keep' })).rejects.toMatchObject({ code: 'access.denied' });
  });

  it('runs with the document of an imported connector that is current, and finds what it ran before', async () => {
    const [builder, admin] = [lena, jonas];
    if (builder === undefined || admin === undefined) throw new Error('There is nobody');
    const { workspace } = builder;
    const openapi = (path: string) => ({
      openapi: '3.1.0',
      info: { title: 'Petstore' },
      servers: [{ url: 'https://pets.example.com' }],
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      paths: { [path]: { post: { operationId: 'addPet' } } },
    });
    const importAt = async (path: string) =>
      (await house.get(ImportsService).import(admin, { openapi: openapi(path) })).version;
    const first = await importAt('/pets');
    await house.get(ConnectionsService).create(admin, {
      connector: 'api-petstore',
      environment: 'dev',
      name: 'Pets',
      auth: { kind: 'bearer', token: 'x' },
      config: {},
    });
    const drawn = (note: string): Json => ({
      schema: 'sluice.flow/1',
      slots: { pets: { connector: 'api-petstore' } },
      steps: [
        { id: 'start', kind: 'trigger', connector: 'manual', trigger: 'started', name: note },
        { id: 'add', kind: 'action', slot: 'pets', action: 'addPet', input: {} },
      ],
      edges: [{ from: 'start', to: 'add' }],
    });
    const { id } = await house.get(FlowsService).create(builder, { name: 'Pets', document: drawn('One') });
    const tried = async () => {
      await trials.start(builder, id, body);
      const deployment = house.tried.at(-1)?.deployment;
      const { rows } = await house.pool.query('select version from deployment where id = $1', [deployment]);
      const { version, manifest } = await house.get(VersionsService).get(workspace, id, rows[0].version);
      return { version, pin: manifest.slots['pets']?.version };
    };
    expect(await tried()).toEqual({ version: -1, pin: first });

    const second = await importAt('/animals');
    expect(await tried()).toEqual({ version: -2, pin: second });

    await house.get(DraftsService).save(builder, id, { document: drawn('Two') });
    expect(await tried()).toEqual({ version: -3, pin: second });
    await house.get(DraftsService).save(builder, id, { document: drawn('One') });
    expect(await tried()).toEqual({ version: -2, pin: second });
    await importAt('/pets');
    expect(await tried()).toEqual({ version: -1, pin: first });
  });
});
