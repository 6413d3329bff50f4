import type { Json } from '@sluice/shared/lib';
import { declarationSchema } from '@sluice/shared/openapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenFeatures, openFeatures } from '../../../test/open-features.js';
import { openImported, sealDeclaration } from '../../connectors/imported.js';
import { connectors as builtIn } from '../../connectors/registry.js';
import { Deployments } from '../../engine/deployments.js';
import { PgRunStore } from '../../engine/store/pg-run-store.js';
import type { Actor } from '../../platform/actor.js';
import { Changes } from '../../platform/changes.js';
import { ConnectionsService } from '../connections/connections.service.js';
import { DeploymentsService } from '../deployments/deployments.service.js';
import { DraftsService } from '../flows/drafts.service.js';
import { FlowsService } from '../flows/flows.service.js';
import { VersionsService } from '../flows/versions.service.js';
import { DecisionsService } from '../grants/decisions.service.js';
import { ConnectorsService } from './connectors.service.js';
import { ImportsService } from './imports.service.js';

const petstore = (path = '/pets', more: object = {}) => ({
  openapi: '3.1.0',
  info: { title: 'Petstore', version: '1' },
  servers: [{ url: 'https://pets.example.com/v2' }],
  components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  paths: {
    [path]: {
      post: {
        operationId: 'addPet',
        tags: ['pets'],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
            },
          },
        },
        responses: {},
      },
    },
    ...more,
  },
});

/** Of which as much is kept as there is room for. */
const large = () => ({
  description: 'd'.repeat(400),
  parameters: Array.from({ length: 29 }, (_, at) => ({
    name: `${at}`.padEnd(199, 'n'),
    in: 'query',
    description: 'd'.repeat(200),
    schema: { type: 'string', title: 't'.repeat(80), default: 'x'.repeat(200), pattern: 'x'.repeat(200) },
  })),
});

const flow = (): Json => ({
  schema: 'sluice.flow/1',
  slots: { pets: { connector: 'api-petstore' } },
  steps: [
    { id: 'start', kind: 'trigger', connector: 'webhook', trigger: 'received', config: { scheme: 'github' } },
    {
      id: 'add',
      kind: 'action',
      slot: 'pets',
      action: 'addPet',
      input: { body: { name: { $: 'trigger.body.name' } } },
    },
  ],
  edges: [{ from: 'start', to: 'add' }],
});

async function storedText({ owner }: OpenFeatures): Promise<string | undefined> {
  const { rows } = await owner.query<{ declaration: string }>(
    'select declaration from imported_connector_version limit 1',
  );
  return rows[0]?.declaration;
}

describe('imported connectors', () => {
  let house: OpenFeatures;
  let imports: ImportsService;
  let ada: Actor;
  let lena: Actor;

  beforeAll(async () => {
    house = await openFeatures();
    ({ ada, lena } = await house.aWorkspace({ ada: ['admin'], lena: ['builder', 'approver'] }));
    imports = house.get(ImportsService);
  });
  afterAll(async () => await house.close());

  async function publish(given: Json): Promise<{ flow: string; version: number; problems: unknown[] }> {
    const { id } = await house.get(FlowsService).create(ada, { name: 'Pets', document: given });
    const { problems } = await house.get(DraftsService).get(ada.workspace, id);
    const { version } = await house.get(VersionsService).publish(ada, id, null);
    return { flow: id, version, problems };
  }

  async function connection(): Promise<string> {
    const auth = { kind: 'bearer', token: 'secret-token' } as const;
    const body = { connector: 'api-petstore', environment: 'production', name: 'Pets', auth, config: {} };
    return (await house.get(ConnectionsService).create(ada, body)).id;
  }

  it('looks without storing, then stores what was looked at, and only that', async () => {
    const seen = await imports.import(ada, { openapi: petstore(), dryRun: true });
    expect(seen).toMatchObject({
      id: 'api-petstore',
      operations: 1,
      actions: 1,
      leftOut: [],
      isStored: false,
      changes: null,
    });
    expect(await house.get(ConnectorsService).find(ada.workspace, 'api-petstore')).toBeNull();
    const other = imports.import(ada, { openapi: petstore('/other'), expect: seen.version });
    await expect(other).rejects.toMatchObject({ code: 'connector.other_document' });
    expect(await imports.import(ada, { openapi: JSON.stringify(petstore()), expect: seen.version })).toMatchObject({
      isStored: true,
    });
    expect((await house.get(ConnectorsService).get(ada.workspace, 'api-petstore')).version).toBe(seen.version);
    const { rows } = await house.owner.query(
      "select count(*)::int as n from audit_entry where action = 'connector.imported' and workspace_id = $1",
      [ada.workspace],
    );
    expect(rows).toEqual([{ n: 1 }]);
  });

  it('belongs to its workspace alone', async () => {
    const { eve } = await house.aWorkspace({ eve: ['admin'] });
    expect(await house.get(ConnectorsService).find(eve.workspace, 'api-petstore')).toBeNull();
    const { problems } = await (async () => {
      const { id } = await house.get(FlowsService).create(eve, { name: 'x', document: flow() });
      return await house.get(DraftsService).get(eve.workspace, id);
    })();
    expect(problems).toMatchObject([{ code: 'slot.connector_unknown' }]);
  });

  it('is drawn, bound, approved and run as a built-in one; another document waits for another approval', async () => {
    const { flow: id, version, problems } = await publish(flow());
    expect(problems).toEqual([]);
    const bindings = { pets: await connection() };
    const first = await house.get(DeploymentsService).deploy(ada, id, { environment: 'production', version, bindings });
    expect(first.grantRequests).toMatchObject([
      {
        connector: 'api-petstore',
        status: 'pending',
        asks: { scopes: ['pets.write'], hosts: ['pets.example.com'], calls: ['POST /v2/pets'] },
      },
    ]);
    await house.get(DecisionsService).approve(lena, first.grantRequests[0]?.id ?? '', { reason: 'Pets are fine' });

    const changed = await imports.import(ada, {
      openapi: petstore('/animals', { '/pets': { delete: { operationId: 'dropAll', responses: {} } } }),
    });
    expect(changed.changes).toMatchObject({
      addedActions: ['dropAll'],
      changedActions: [{ action: 'addPet', parts: ['call'] }],
    });

    // What was published goes on as it was approved.
    const store = new PgRunStore({
      pool: house.pool,
      queue: undefined as never,
      changes: house.get(Changes),
      journal: undefined as never,
    });
    const slot = (await new Deployments(store, house.get(Changes), builtIn).find(first.id))?.slots.get('pets');
    expect(slot?.connector.actions['addPet']?.path).toBe('/v2/pets');
    expect(slot?.connectorVersion).toBe(changed.replaces);

    const again = await house.get(VersionsService).publish(ada, id, null);
    expect(again.version).toBe(version + 1);
    const second = await house
      .get(DeploymentsService)
      .deploy(ada, id, { environment: 'production', version: again.version, bindings });
    expect(second.grantRequests).toMatchObject([{ status: 'pending', asks: { calls: ['POST /v2/animals'] } }]);
  });

  it('reads a document at an address through the broker, and says where it came from without what its query holds', async () => {
    const record = {
      host: 'api.example.com',
      method: 'GET',
      path: '/',
      status: 200,
      bytesSent: 0,
      bytesReceived: 1,
      milliseconds: 1,
    };
    const answers = (status: number, body: unknown) => {
      house.broker.answer = { ok: true, kind: 'http', reply: { status, headers: {}, body }, record };
    };
    const url = 'https://api.example.com/openapi.yaml?key=s3cret';
    const id = 'api-by-address';
    answers(200, JSON.stringify(petstore('/by-address')));
    expect(await imports.import(ada, { url, id })).toMatchObject({ id, isStored: true });
    expect(house.broker.calls.at(-1)?.request).toEqual({ kind: 'document', url });
    expect((await imports.versions(ada.workspace, id))[0]?.source).toBe('https://api.example.com/openapi.yaml');
    const { rows } = await house.owner.query(
      "select body from audit_entry where action = 'connector.imported' and workspace_id = $1 order by at desc limit 1",
      [ada.workspace],
    );
    expect([String(rows[0].body).includes('openapi.yaml'), String(rows[0].body).includes('s3cret')]).toEqual([
      true,
      false,
    ]);
    answers(404, 'Not found');
    await expect(imports.import(ada, { url, id })).rejects.toMatchObject({ code: 'connector.not_reachable' });
    await expect(imports.import(ada, { url, id, openapi: petstore() })).rejects.toMatchObject({
      code: 'connector.no_document',
    });
    await expect(imports.import(ada, { id })).rejects.toMatchObject({ code: 'connector.no_document' });
  });

  it('F18: keeps what was imported as it was approved, and opens nothing that was changed where it is stored', async () => {
    await expect(house.owner.query("update imported_connector_version set declaration = '{}'")).rejects.toThrow(
      'never changes',
    );
    const sealed = sealDeclaration(declarationSchema.parse(JSON.parse((await storedText(house)) ?? '')));
    expect(openImported(sealed)?.version).toBe(sealed.version);
    expect(openImported({ ...sealed, text: sealed.text.replace('/v2/', '/admin/') })).toBeNull();
  });

  it('keeps what was decided beside the document at the next import of it', async () => {
    const decided = await imports.import(ada, {
      openapi: petstore(),
      effects: { addPet: 'natural' },
      receives: ['public', 'payment'],
    });
    expect(decided.connector).toMatchObject({ receives: ['public', 'payment'], actions: [{ effect: 'natural' }] });
    const next = await imports.import(ada, { openapi: petstore('/beasts') });
    expect(next.connector).toMatchObject({
      receives: ['public', 'payment'],
      actions: [{ effect: 'natural', path: '/v2/beasts' }],
    });
    expect((await imports.versions(ada.workspace, 'api-petstore')).map(({ isCurrent }) => isCurrent)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it('keeps what was decided of each action when another one is decided of', async () => {
    const both = petstore('/pets', { '/cats': { post: { operationId: 'addCat', responses: {} } } });
    const effectsOf = (reply: Awaited<ReturnType<typeof imports.import>>) =>
      Object.fromEntries(reply.connector.actions.map(({ id, effect }) => [id, effect]));
    const first = await imports.import(ada, { openapi: both, id: 'api-both', effects: { addPet: 'natural' } });
    expect(effectsOf(first)).toEqual({ addPet: 'natural', addCat: 'unsafe' });
    const second = await imports.import(ada, {
      openapi: both,
      id: 'api-both',
      effects: { addCat: 'keyed', addDog: 'keyed' },
    });
    expect(effectsOf(second)).toEqual({ addPet: 'natural', addCat: 'keyed' });
    expect(second.warnings).toContain('There is no action addDog whose effect could be set.');
    const third = await imports.import(ada, { openapi: petstore('/beasts'), id: 'api-both' });
    expect(effectsOf(third)).toEqual({ addPet: 'natural' });
    // One that is gone for a while comes back as it was; one that never was leaves nothing.
    const fourth = await imports.import(ada, { openapi: both, id: 'api-both', effects: { addPet: 'unsafe' } });
    expect(effectsOf(fourth)).toEqual({ addPet: 'unsafe', addCat: 'keyed' });
    const { rows } = await house.owner.query("select choices from imported_connector where id = 'api-both'");
    expect(rows).toEqual([{ choices: { effects: { addPet: 'unsafe', addCat: 'keyed' } } }]);
  });

  const yaml = (more: string) =>
    `openapi: 3.0.3\ninfo: { title: Hostile }\npaths:\n  /a:\n    get: { operationId: getA }\n${more}\n`;
  const bomb = ['a', 'b', 'c', 'd', 'e']
    .map(
      (name, at, all) =>
        `x-${name}: &${name} [${Array(9)
          .fill(at === 0 ? 'x' : `*${all[at - 1]}`)
          .join(',')}]`,
    )
    .join('\n');
  const many = Object.fromEntries(Array.from({ length: 320 }, (_, at) => [`/p${at}`, { post: large() }]));

  // Each is a document that would be kept if it were not for what is wrong with it.
  it.each([
    ['neither JSON nor YAML', `${JSON.stringify(petstore())}}`, 'neither JSON nor YAML:'],
    ['a bomb of aliases', yaml(bomb), 'repeats itself too often'],
    ['a tower', yaml(`x-tower: ${'['.repeat(50_000)}${']'.repeat(50_000)}`), 'nested too deep'],
    ['an unknown tag', yaml('x-code: !!js/function "function () {}"'), 'tags that are not of YAML itself'],
    [
      'a NUL',
      JSON.stringify(petstore('/pets', { '/b': { get: { parameters: [{ name: 'a\0b', in: 'query' }] } } })),
      "can't be kept",
    ],
    ['more than is kept of one', JSON.stringify(petstore('/pets', many)), 'larger than 8 MB'],
  ])('F18: refuses %s in one sentence and stores nothing', async (_, openapi, message) => {
    const before = await house.owner.query('select count(*)::int as n from imported_connector_version');
    await expect(imports.import(ada, { openapi, id: 'api-hostile' })).rejects.toMatchObject({
      code: 'connector.not_readable',
      message: expect.stringContaining(message),
    });
    expect((await house.owner.query('select count(*)::int as n from imported_connector_version')).rows).toEqual(
      before.rows,
    );
  });

  it('takes YAML as well', async () => {
    const yaml =
      "openapi: 3.0.3\ninfo: { title: Bird house }\nservers: [{ url: 'https://birds.example.com' }]\npaths:\n  /birds:\n    get: { operationId: listBirds }\n";
    expect(await imports.import(ada, { openapi: yaml })).toMatchObject({ id: 'api-bird-house', actions: 1 });
  });
});
