import { type Contract, contracts, environmentRoles, roles } from '@sluice/shared/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Keyring } from '../../src/platform/keys/keyring.js';
import { readAccessTable } from './access-table.js';
import { type OpenApi, openApi, type Told } from './open-api.js';
import { seedTenant, type Tenant, type Things } from './seed-tenant.js';

type Place = 'dev' | 'production';

/** What stands for `:id` below each first word of a path. A route on something new says here whose it is. */
const subjects: Readonly<Record<string, (tenant: Tenant, things: Things) => string>> = {
  flows: (_, { flow }) => flow,
  connections: (_, { connection }) => connection,
  grants: (_, { grant }) => grant,
  deployments: (_, { deployment }) => deployment,
  runs: (_, { run }) => run,
  inbox: (_, { event }) => event,
  'kill-switches': (_, { killSwitch }) => killSwitch,
  members: ({ member }) => member,
  tokens: ({ token }) => token,
  environments: (_, { environment }) => environment,
  notices: (_, { delivery }) => delivery,
  'bulk-retries': (_, { bulkRetry }) => bulkRetry,
  views: (_, { view }) => view,
  erasures: (_, { erasure }) => erasure,
  // Nobody's: an entry is written by the journal alone. That a foreign one is not there is shown beside the endpoint.
  audit: () => `ent_${'0'.repeat(36)}`,
};
const others: Readonly<Record<string, (things: Things) => string>> = {
  endpointId: ({ endpoint }) => endpoint,
  stepId: () => 'ask',
  version: () => '1',
};
/** Of nobody: the same in each workspace. */
const shared = new Set(['connectors', 'auth']);

/** What a request is told that names a thing nobody has. */
const ofNobody = new Set(['entry.unknown', 'grant.unknown', 'connection.authorization_failed']);

const table = new Map(readAccessTable().map((line) => [line.route, line]));
const nameOf = ({ method, path }: Contract) => `${method} ${path}`;
const firstWord = ({ path }: Contract) => path.split('/')[1] ?? '';
const walked = contracts.flatMap((contract) => {
  const line = table.get(nameOf(contract));
  // Sign-in is nobody's yet, and has tests of its own.
  return line === undefined || line.reach === 'nobody' || firstWord(contract) === 'auth' ? [] : [{ contract, line }];
});
const ofSomething = walked.filter(({ contract }) => contract.path.includes(':') && !shared.has(firstWord(contract)));

describe('tenants', () => {
  let api: OpenApi;
  let own: Tenant;
  let foreign: Tenant;
  const cookies = new Map<string, string>();

  beforeAll(async () => {
    api = await openApi();
    const parts = { owner: api.owner, keyring: api.get(Keyring) };
    own = await seedTenant(parts);
    foreign = await seedTenant(parts);
    for (const role of roles) cookies.set(role, await api.signIn(await own.join([role])));
    for (const role of environmentRoles)
      cookies.set(`${role} in dev`, await api.signIn(await own.join([], { dev: [role] })));
    for (const role of environmentRoles)
      cookies.set(`${role} in dev, viewer elsewhere`, await api.signIn(await own.join(['viewer'], { dev: [role] })));
  });
  afterAll(async () => await api.close());

  /** Asks with what the contract gives as its example, about a thing of this tenant in this environment. */
  async function ask(
    contract: Contract,
    who: string,
    at: { tenant: Tenant; place: Place; second?: Tenant },
  ): Promise<Told> {
    const { tenant, place, second = tenant } = at;
    const path = contract.path.replace(/:(\w+)/g, (_, name: string) => {
      if (name !== 'id') return others[name]?.(second.things[place]) ?? name;
      return firstWord(contract) === 'connectors'
        ? 'http'
        : (subjects[firstWord(contract)]?.(tenant, tenant.things[place]) ?? '');
    });
    const query = contract.path === '/runs/:id/passes' ? '?step=a' : '';
    const example: unknown = contract.example?.body;
    const body = isNode(example) ? { ...example, ...placed(example, place) } : example;
    return await api.ask({
      method: contract.method,
      path: `${path}${query}`,
      ...(contract.body === undefined ? {} : { body: body ?? {} }),
      headers: { cookie: cookies.get(who) ?? '' },
    });
  }

  it('know whose each thing is that has an address', () => {
    expect(
      ofSomething.map(({ contract }) => firstWord(contract)).filter((word) => subjects[word] === undefined),
    ).toEqual([]);
    expect(ofSomething.length).toBeGreaterThan(30);
  });

  it.each(ofSomething)('F11 a foreign id is not there: $line.route', async ({ contract, line }) => {
    for (const role of roles) {
      const { status, code } = await ask(contract, role, { tenant: foreign, place: 'dev' });
      expect(status, `${role} ${code}`).toBe(line.roles.has(role) ? 404 : 403);
    }
  });

  it('F11 a foreign part of an own thing is not there', async () => {
    const rotate = walked.find(({ line }) => line.route.endsWith('/:endpointId/rotate'));
    if (rotate === undefined) return expect.unreachable();
    const told = await ask(rotate.contract, 'owner', { tenant: own, place: 'dev', second: foreign });
    expect(told).toMatchObject({ status: 404, code: 'endpoint.unknown' });
  });

  it('F11 no list tells of a foreign thing', async () => {
    const ids = [
      foreign.workspace,
      foreign.member,
      ...Object.values(foreign.things).flatMap((things) => Object.values(things)),
    ];
    for (const { contract, line } of walked.filter(
      ({ contract: { method, path } }) => method === 'GET' && !path.includes(':'),
    )) {
      const { status, text } = await ask(contract, 'owner', { tenant: own, place: 'dev' });
      // 404 where nothing was sealed yet.
      expect([200, 404], line.route).toContain(status);
      // An export names what others did by hashes alone.
      for (const id of ids) expect(text.includes(id), `${line.route} ${id}`).toBe(false);
    }
  });

  it.each(walked)('F11 opens to whom the table says: $line.route', async ({ contract, line }) => {
    for (const role of roles)
      expectOpen(await ask(contract, role, { tenant: own, place: 'dev' }), line.roles.has(role), role);
  });

  it.each(walked)(
    'F11 opens in one environment to whom holds a role there: $line.route',
    async ({ contract, line }) => {
      for (const role of environmentRoles) {
        const isHere = line.roles.has(role) && line.reach !== 'workspace';
        expectOpen(
          await ask(contract, role === undefined ? '' : `${role} in dev`, { tenant: own, place: 'dev' }),
          isHere,
          role,
        );
        if (line.reach !== 'its environment') continue;
        const elsewhere = await ask(contract, `${role} in dev`, { tenant: own, place: 'production' });
        const isShut = [403, 404].includes(elsewhere.status) || ofNobody.has(elsewhere.code);
        expect(isShut, `${role} ${elsewhere.status} ${elsewhere.code}`).toBe(true);
      }
      if (line.reach !== 'its environment') return;
      for (const role of environmentRoles) {
        const both = `${role} in dev, viewer elsewhere`;
        const told = await ask(contract, both, { tenant: own, place: 'production' });
        // What the request itself names is nobody's: it is not there, whatever the role.
        const isNobodys = line.roles.has(role) && ofNobody.has(told.code);
        expectOpen(told, isNobodys || line.roles.has('viewer'), both);
      }
    },
  );

  it('F11 lists only what lies in the environments where a role is held', async () => {
    const { dev, production } = own.things;
    for (const [path, here, there] of [
      ['/runs', dev.run, production.run],
      ['/inbox', dev.event, production.event],
      ['/grants', dev.grant, production.grant],
      ['/connections', dev.connection, production.connection],
      ['/decisions', dev.run, production.run],
      ['/environments', '"name":"dev"', '"name":"production"'],
    ] as const) {
      const asked = (who: string) => api.ask({ method: 'GET', path, headers: { cookie: cookies.get(who) ?? '' } });
      const [limited, whole] = [await asked('viewer in dev'), await asked('viewer')];
      expect(limited.text.includes(there), path).toBe(false);
      expect(whole.text.includes(there), path).toBe(path !== '/decisions');
      if (path !== '/decisions') expect(limited.text.includes(here), path).toBe(true);
    }
  });

  it('F11 shows an auditor of one environment what the log says of it, and nothing else', async () => {
    const read = async (who: string, path: string) => {
      const told = await api.ask({ method: 'GET', path, headers: { cookie: cookies.get(who) ?? '' } });
      return { ...told, reply: JSON.parse(told.text) };
    };
    for (const place of ['dev', 'production']) {
      const target = { kind: 'environment', id: place };
      const headers = { cookie: cookies.get('owner') ?? '' };
      await api.ask({ method: 'POST', path: '/kill-switches', body: { target, reason: 'A try' }, headers });
    }
    const newest = async (search: string): Promise<string> =>
      (await read('auditor', `/audit?limit=1&${search}`)).reply.items[0].id;
    // Whoever searches leaves an entry that names no environment.
    const entries = {
      dev: await newest('environment=dev'),
      production: await newest('environment=production'),
      none: await newest('action=audit.searched'),
    };
    for (const who of ['auditor in dev', 'auditor in dev, viewer elsewhere', 'admin in dev, viewer elsewhere']) {
      const { reply } = await read(who, '/audit?limit=200');
      const places = new Set(reply.items.map(({ environment }: { environment?: string }) => environment));
      expect([...places], who).toEqual(['dev']);
      expect((await read(who, `/audit/entries/${entries.dev}/proof`)).status, who).toBe(200);
      for (const entry of [entries.production, entries.none])
        expect(await read(who, `/audit/entries/${entry}/proof`), who).toMatchObject({ code: 'entry.unknown' });
      expect((await read(who, '/audit?environment=production')).reply.items, who).toEqual([]);
    }
  });

  it('leave one audit event for each refusal', async () => {
    const count = async () => {
      const { rows } = await api.owner.query(
        "select count(*)::int as n from audit_entry where action = 'request.refused' and workspace_id = $1",
        [own.workspace],
      );
      return rows[0].n;
    };
    const before = await count();
    await api.ask({ method: 'GET', path: '/audit', headers: { cookie: cookies.get('viewer') ?? '' } });
    await api.ask({
      method: 'GET',
      path: `/runs/${foreign.things.dev.run}`,
      headers: { cookie: cookies.get('viewer') ?? '' },
    });
    expect(await count()).toBe(before + 2);
  });
});

function expectOpen(told: Told, isOpen: boolean, who: string): void {
  const isDenied = told.code === 'access.denied' || told.status === 401;
  expect(isDenied, `${who}: ${told.status} ${told.code} ${told.text.slice(0, 200)}`).toBe(!isOpen);
  expect(told.status, told.text).toBeLessThan(500);
}

/** The example's parts that say where. */
function placed(example: Record<string, unknown>, place: Place): object {
  return {
    ...('environment' in example ? { environment: place } : {}),
    ...('permissions' in example ? { permissions: ['flows.read'], environments: ['dev'] } : {}),
    ...('target' in example ? { target: { kind: 'environment', id: place } } : {}),
    // A name that another role took before is none of this test's business.
    ...('email' in example ? { email: `${Math.random().toString(36).slice(2)}@example.com` } : {}),
  };
}

function isNode(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
