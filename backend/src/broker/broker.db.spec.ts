import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { Allowance, AuthInput } from '@sluice/shared/api';
import { FileBody } from '@sluice/shared/connector';
import pg from 'pg';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/database.js';
import { openLocalBroker } from '../../test/local-broker.js';
import { aClaim } from '../../test/records.js';
import type { BlobStore } from '../platform/blobs/blob-store.js';
import { defaultCell, openPool } from '../platform/database/cell.js';
import { grantHash } from '../platform/grant-hash.js';
import type { ChangeTopic } from '../platform/changes.js';
import { Keyring } from '../platform/keys/keyring.js';
import { wrapPayloadKey } from '../platform/keys/payload-sealing.js';
import { parseRootKey } from '../platform/keys/root-key.js';
import { newKey } from '../platform/keys/secret-key.js';
import { type BrokerAnswer, type Capability, claimOfNoFlow } from './call.js';
import { Vault } from './vault.js';

const canary = 'canary-7d1f+secret/9';
const root = parseRootKey(Buffer.alloc(32, 1).toString('base64'), 'test');

let database: TestDatabase;
/** As the server. */
let pool: pg.Pool;
/** As the broker. */
let brokerPool: pg.Pool;
/** As the database's owner, who may also empty and rename tables. */
let owner: pg.Pool;
let now = 1_000_000;
let queries = 0;
/** How many of the broker's next queries find the database away. */
let away = 0;
const keyring = (of = pool) => new Keyring({ database: of, root, clock: { now: () => now } });

/** A service that repeats whatever it is sent, as a careless one does. */
const received: { url: string; headers: IncomingHttpHeaders; host: string | undefined }[] = [];
let held: () => Promise<void> = async () => undefined;
/** True when it has answered instead. */
let replyWith: (response: ServerResponse) => boolean = () => false;
const service = createServer((request, response) => void repeat(request, response));

async function repeat(request: IncomingMessage, response: ServerResponse): Promise<void> {
  received.push({ url: request.url ?? '', headers: request.headers, host: request.headers.host });
  await held();
  if (replyWith(response)) return;
  response.writeHead(200, {
    'content-type': 'application/json',
    'x-echo': request.headers.authorization ?? '',
    'set-cookie': 'a=b',
  });
  response.end(JSON.stringify({ headers: request.headers, url: request.url }));
}
let port = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(defaultCell(database.url), 4);
  brokerPool = openPool(defaultCell(database.url, 'sluice_broker'), 4);
  owner = new pg.Pool({ connectionString: database.url, options: '-c search_path=sluice', max: 1 });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const address = service.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  port = address.port;
});
afterAll(async () => {
  service.closeAllConnections();
  service.close();
  await pool.end();
  await brokerPool.end();
  await owner.end();
  await database.drop();
});

/** One workspace; `production` asks for approval and counts as production, `staging` only asks, `dev` does neither. */
beforeEach(async () => {
  now += 3_600_000;
  received.length = 0;
  held = async () => undefined;
  replyWith = () => false;
  await owner.query(`
truncate rate_bucket;
truncate workspace cascade;
truncate connection_secret;
insert into workspace (id, name) values ('wsp_1', 'W'), ('wsp_2', 'X');
insert into environment (id, workspace_id, name, position, policy) values
  ('env_1', 'wsp_1', 'dev', 1, '{"approval":false,"production":false}'),
  ('env_2', 'wsp_1', 'staging', 2, '{"approval":true,"production":false}'),
  ('env_3', 'wsp_1', 'production', 3, '{"approval":true,"production":true}');
insert into member (id, workspace_id, email, name, roles) values ('mbr_1', 'wsp_1', 'a@b.c', 'A', '{owner}');
insert into flow (id, workspace_id, name, owner_id, draft) values ('flw_1', 'wsp_1', 'F', 'mbr_1', '{}');
insert into flow_version (flow_id, version, workspace_id, hash, document, manifest, created_by) values ('flw_1', 1, 'wsp_1', 'h', '{}', '{}', 'mbr_1');
insert into deployment (id, workspace_id, flow_id, environment, version, bindings, status, created_by)
  values ('dep_1', 'wsp_1', 'flw_1', 'production', 1, '{}', 'active', 'mbr_1')`);
});

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function aConnection(
  given: {
    environment?: string;
    auth?: AuthInput;
    hosts?: string[];
    config?: object;
    connector?: string;
    workspace?: string;
  } = {},
) {
  const {
    environment = 'dev',
    auth = { kind: 'bearer', token: canary },
    hosts = [`127.0.0.1:${port}`],
    config = {},
    connector = 'http',
    workspace = 'wsp_1',
  } = given;
  await pool.query(
    `insert into connection (id, workspace_id, environment, connector, name, auth_kind, config, hosts, owner_id) values ('con_1', $1, $2, $3, 'C', $4, $5, $6, 'mbr_1')`,
    [workspace, environment, connector, auth.kind, config, hosts],
  );
  await new Vault(keyring()).putSecret(pool, { workspace, environment, id: 'con_1', version: 1 }, auth);
}

async function copyConnection() {
  await pool.query(
    "insert into connection select 'con_2', workspace_id, environment, connector, name, auth_kind, config, hosts, owner_id from connection",
  );
}

async function aGrant(
  given: {
    environment?: string;
    allows?: Allowance | null;
    status?: string;
    slot?: string;
    connection?: string;
    expiresAt?: number;
  } = {},
) {
  const {
    environment = 'production',
    status = 'active',
    slot = 'crm',
    connection = 'con_1',
    expiresAt = now + 86_400_000,
  } = given;
  const allows =
    given.allows === undefined
      ? {
          scopes: ['requests.send'],
          hosts: [`127.0.0.1:${port}`],
          calls: ['POST /v1/orders'],
          fields: [],
          replies: ['*'],
        }
      : given.allows;
  const subject = {
    flow: 'flw_1',
    version: 'h',
    environment,
    slot,
    connector: 'http',
    connectorVersion: 'v1',
    connection,
  };
  const hash = grantHash(subject, allows ?? { scopes: [], hosts: [], calls: [], fields: [], replies: [] });
  await pool.query(
    `insert into approval_grant (id, workspace_id, flow_id, version, environment, slot, connector, connection_id, deployment_id, hash, asks, allows, status, requested_by, expires_at)
     values ('grt_1', 'wsp_1', 'flw_1', 1, $1, $2, 'http', $3, 'dep_1', $7, '{}', $4, $5, 'mbr_1', to_timestamp($6::double precision / 1000))`,
    [environment, slot, connection, allows, status, expiresAt, hash],
  );
}

interface House {
  maxPerHost?: number;
  evenOutMilliseconds?: number;
  doubles?: Record<string, string>;
  allow?: string[];
  lookup?: (host: string) => Promise<string[]>;
  blobs?: BlobStore;
}
async function aBroker({
  doubles = {},
  allow = [`127.0.0.1:${port}`],
  lookup = async () => ['127.0.0.1'],
  maxPerHost = 256,
  evenOutMilliseconds = 0,
  blobs,
}: House = {}) {
  const listeners: { topic: ChangeTopic; changed: (ids: readonly string[] | null) => void }[] = [];
  const bugs: unknown[] = [];
  const { broker, close } = await openLocalBroker({
    keyring: keyring(),
    desk: {
      database: {
        query(sql, values) {
          queries += 1;
          if (away > 0) {
            away -= 1;
            return Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
          }
          return brokerPool.query(sql, values);
        },
      },
      keyring: keyring(brokerPool),
      changes: {
        on(topic, changed) {
          listeners.push({ topic, changed });
          return () => undefined;
        },
      },
      now: () => now,
      options: {
        allowPrivateHosts: allow,
        doubles: new Map(Object.entries(doubles)),
        lookup,
        maxPerHost,
        evenOutMilliseconds,
        ...(blobs && { blobs }),
      },
      report: (error) => void bugs.push(error),
    },
  });
  closers.push(close);
  const tell = (topic: ChangeTopic, id: string) => {
    for (const listener of listeners) if (listener.topic === topic) listener.changed([id]);
  };
  return { broker, tell, bugs };
}

const claim = (given: Partial<Capability> = {}) =>
  aClaim({ now, scopes: ['requests.send'], hosts: [`127.0.0.1:${port}`], call: 'POST /v1/orders', ...given });
const granted = (given: Partial<Capability> = {}) => claim({ environment: 'production', grant: 'grt_1', ...given });
const order = (given: object = {}) => ({
  kind: 'http' as const,
  request: { method: 'POST', url: `http://127.0.0.1:${port}/v1/orders`, body: { n: 1 }, ...given },
});
const codeOf = (answer: BrokerAnswer) => (answer.ok ? 'ok' : answer.failure.code);

describe('Broker', () => {
  it('injects the secret after the checks and takes every trace of it out of the answer (F16)', async () => {
    await aConnection();
    const { broker } = await aBroker();
    const answer = await broker.call(broker.mint(claim()), order());
    expect(received[0]?.headers.authorization).toBe(`Bearer ${canary}`);
    expect(answer).toMatchObject({
      ok: true,
      reply: { status: 200 },
      record: { host: `127.0.0.1:${port}`, method: 'POST', path: '/v1/orders', status: 200, bytesSent: 7 },
    });
    expect(JSON.stringify(answer)).not.toContain('canary');
    expect(JSON.stringify(answer)).toContain('[removed]');
    expect(JSON.stringify(answer)).not.toContain('set-cookie');
  });

  /** A store whose disk is full once it has read all. */
  async function keepingIn(keys: string) {
    const blobs = {
      async put(_name: string, bytes: Uint8Array | AsyncIterable<Uint8Array>) {
        for await (const _ of bytes);
        throw new Error('ENOSPC');
      },
    } as Partial<BlobStore> as BlobStore; // Nothing else is asked of it here.
    const key = wrapPayloadKey(await keyring().keys('wsp_1', keys, 'payload'), newKey(), 'file|blob');
    const ticket = { file: 'fil_1', blob: 'blob', of: 'run|fil_1', key, bytes: 0 };
    return { blobs, keep: { ticket, when: 'all' as const, mostBytes: 1_000_000 } };
  }

  it('calls it uncertain when the service has answered and its answer could not be stored', async () => {
    await aConnection();
    const { blobs, keep } = await keepingIn('dev');
    const { broker, bugs } = await aBroker({ blobs });
    const answer = await broker.call(broker.mint(claim()), { ...order(), keep });
    expect(answer).toMatchObject({
      failure: { code: 'broker.failed', uncertain: true, message: expect.stringContaining('may have done the work') },
      record: { status: 200, bytesSent: 7 },
    });
    expect(bugs).toEqual([new Error('ENOSPC')]);
  });

  it('opens the key of a file that is to come before it sends anything', async () => {
    await aConnection();
    const { blobs, keep } = await keepingIn('staging');
    const { broker } = await aBroker({ blobs });
    expect(await broker.call(broker.mint(claim()), { ...order(), keep })).toMatchObject({
      failure: { code: 'broker.failed', uncertain: false },
    });
    expect(received).toEqual([]);
  });

  it('closes the files of a body that nobody took', async () => {
    const nowhere = '127.0.0.1:1';
    await aConnection({ hosts: [nowhere] });
    const { keep } = await keepingIn('dev');
    const opened = Readable.from(['sealed']);
    const blobs = { open: async () => opened } as Partial<BlobStore> as BlobStore; // Nothing else is asked of it here.
    const { broker } = await aBroker({ allow: [nowhere], blobs });
    const handle = { file: 'fil_1', name: 'a', type: 'text/plain', bytes: 6, sha256: '' };
    const request = { method: 'POST', url: `http://${nowhere}/v1/orders`, body: new FileBody(handle) };
    const files = new Map([['fil_1', keep.ticket]]);
    const answer = await broker.call(broker.mint(claim({ hosts: [nowhere] })), { kind: 'http', request, files });
    expect(codeOf(answer)).toBe('egress.unreachable');
    await expect.poll(() => opened.destroyed).toBe(true);
  });

  it('keeps no secret in the clear in the database', async () => {
    await aConnection();
    const { rows } = await owner.query<{ line: string }>(
      'select connection_secret::text as line from connection_secret union all select connection::text from connection',
    );
    expect(rows.map(({ line }) => line).join()).not.toMatch(/canary/);
    expect(rows.map(({ line }) => line).join()).not.toContain(Buffer.from('canary').toString('base64url').slice(0, 7));
  });

  it('answers the calls of one turn together, each with its own answer', async () => {
    await aConnection();
    const { broker } = await aBroker();
    queries = 0;
    const answers = await Promise.all(
      [1, 2, 3, 4].map((n) =>
        broker.call(broker.mint(claim({ call: 'ANY /*' })), order({ url: `http://127.0.0.1:${port}/${n}` })),
      ),
    );
    expect(answers.map((answer) => answer.ok && answer.kind === 'http' && Object(answer.reply.body).url)).toEqual([
      '/1',
      '/2',
      '/3',
      '/4',
    ]);
    // One for the standing, one for the last use.
    expect(queries).toBe(2);
  });

  it('waits for a database that is away for a moment instead of failing the step: nothing was sent yet', async () => {
    await aConnection();
    const { broker } = await aBroker();
    away = 2;
    const answer = await broker.call(broker.mint(claim()), order());
    expect([answer.ok, away, received.length]).toEqual([true, 0, 1]);
  });

  it('notes the last use, once a minute', async () => {
    await aConnection();
    const { broker } = await aBroker();
    await broker.call(broker.mint(claim()), order());
    await expect
      .poll(async () => (await pool.query('select last_used_at from connection')).rows[0]?.last_used_at?.getTime())
      .toBe(now);
  });

  it('counts calls by scope and host, and keeps why it could not prove itself until it can', async () => {
    await aConnection();
    const { broker } = await aBroker();
    const call = () => broker.call(broker.mint(claim({ scopes: ['a', 'b'] })), order());
    const uses = async () =>
      (await pool.query('select scope, host, calls::int from connection_use order by scope')).rows;
    const lastError = async () => (await pool.query('select last_error from connection')).rows[0]?.last_error?.code;
    const host = `127.0.0.1:${port}`;
    await call();
    await call();
    await broker.call(broker.mint(claim({ deadline: 0 })), order());
    await expect.poll(uses, { timeout: 10_000 }).toEqual([
      { scope: 'a', host, calls: 2 },
      { scope: 'b', host, calls: 2 },
    ]);
    replyWith = (response) => response.writeHead(401).end() !== undefined;
    await call();
    await expect.poll(lastError, { timeout: 10_000 }).toBe('service.unauthorized');
    expect((await uses())[0]).toMatchObject({ calls: 3 });
    replyWith = () => false;
    await call();
    await expect.poll(lastError, { timeout: 10_000 }).toBeUndefined();
  });

  it.each([
    ['another workspace', { workspace: 'wsp_2' }, 'broker.no_connection'],
    ['another environment', { environment: 'production' }, 'broker.other_environment'],
    ['another connector', { connector: 'hubspot' }, 'broker.other_connector'],
    ['a connection that does not exist', { connection: 'con_9' }, 'broker.no_connection'],
    ['a deadline that is over', { deadline: 0 }, 'broker.capability_expired'],
  ])('F6: refuses a capability for %s', async (_what, given, code) => {
    await aConnection();
    const { broker } = await aBroker();
    expect(codeOf(await broker.call(broker.mint(claim(given)), order()))).toBe(code);
    expect(received).toEqual([]);
  });

  it('F6: refuses a capability that was changed after it was minted', async () => {
    await aConnection();
    const { broker } = await aBroker();
    const capability = { ...broker.mint(claim({ hosts: ['api.example.com'] })), hosts: [`127.0.0.1:${port}`] };
    expect(codeOf(await broker.call(capability, order()))).toBe('broker.bad_capability');
    expect(received).toEqual([]);
  });

  it('F17: refuses an environment without a policy instead of taking a default', async () => {
    await aConnection({ environment: 'nowhere' });
    const { broker } = await aBroker();
    expect(codeOf(await broker.call(broker.mint(claim({ environment: 'nowhere' })), order()))).toBe(
      'broker.unknown_environment',
    );
  });

  it('F7: refuses hosts outside the capability, and outside the connection whatever the capability says', async () => {
    await aConnection({ hosts: ['api.example.com'] });
    const { broker } = await aBroker();
    const evil = order({ url: 'https://evil.test/v1/orders' });
    expect(codeOf(await broker.call(broker.mint(claim()), evil))).toBe('broker.host_not_allowed');
    expect(codeOf(await broker.call(broker.mint(claim({ hosts: ['evil.test'] })), evil))).toBe(
      'broker.host_not_allowed',
    );
  });

  it('F7: a connection’s own test goes nowhere else either', async () => {
    await aConnection();
    const { broker } = await aBroker();
    const test = broker.mint(
      claim({ flow: null, version: null, run: null, step: null, slot: null, action: null, call: 'GET /*' }),
    );
    expect(
      codeOf(await broker.call(test, order({ method: 'GET', url: `http://127.0.0.1:${port}/me`, body: undefined }))),
    ).toBe('ok');
    expect(codeOf(await broker.call(test, order({ url: 'https://evil.test/' })))).toBe('broker.host_not_allowed');
    expect(codeOf(await broker.call(test, order()))).toBe('broker.call_not_allowed');
  });

  it('F8: refuses a name that turns out private, without saying what it resolved to', async () => {
    await aConnection({ hosts: ['api.example.com'] });
    const { broker } = await aBroker({ lookup: async () => ['10.9.8.7'] });
    const answer = await broker.call(
      broker.mint(claim({ hosts: ['api.example.com'] })),
      order({ url: 'https://api.example.com/v1/orders' }),
    );
    expect(answer).toMatchObject({ failure: { code: 'egress.unreachable', reason: { code: 'private_address' } } });
    expect(answer.ok || answer.failure.message).not.toContain('10.9.8.7');
  });

  it('refuses another method or path than the declared one', async () => {
    await aConnection();
    const { broker } = await aBroker();
    expect(codeOf(await broker.call(broker.mint(claim()), order({ method: 'DELETE' })))).toBe(
      'broker.call_not_allowed',
    );
    expect(
      codeOf(await broker.call(broker.mint(claim()), order({ url: `http://127.0.0.1:${port}/v1/orders/../users` }))),
    ).toBe('broker.call_not_allowed');
    expect(received).toEqual([]);
  });

  it.each([
    ['a line break in a header', { headers: { 'x-a': 'b\r\nevil: 1' } }, 'broker.bad_request'],
    ['another Host', { headers: { Host: 'evil.test' } }, 'broker.bad_request'],
    ['its own Authorization', { headers: { AUTHORIZATION: 'Bearer mine' } }, 'broker.secret_clash'],
    ['a length of its own', { headers: { 'content-length': '0' } }, 'broker.bad_request'],
    ['a strange method', { method: 'CONNECT' }, 'broker.bad_request'],
  ])('refuses a request with %s', async (_what, given, code) => {
    await aConnection();
    const { broker } = await aBroker();
    expect(codeOf(await broker.call(broker.mint(claim({ call: 'ANY /*' })), order(given)))).toBe(code);
    expect(received).toEqual([]);
  });

  it('refuses a secret that was pasted from another connection (D2)', async () => {
    await aConnection();
    await copyConnection();
    await new Vault(keyring()).putSecret(
      pool,
      { workspace: 'wsp_1', environment: 'dev', id: 'con_2', version: 1 },
      { kind: 'bearer', token: 'of another connection' },
    );
    await owner.query(
      "update connection_secret set sealed = (select sealed from connection_secret where connection_id = 'con_2')",
    );
    const { broker } = await aBroker();
    expect(codeOf(await broker.call(broker.mint(claim()), order()))).toBe('broker.secret_broken');
    await pool.query('delete from connection_secret');
    now += 1000;
    expect(codeOf(await broker.call(broker.mint(claim()), order()))).toBe('broker.no_secret');
  });

  it('uses the new secret after a rotation', async () => {
    await aConnection();
    const { broker, tell } = await aBroker();
    await broker.call(broker.mint(claim()), order());
    await new Vault(keyring()).putSecret(
      pool,
      { workspace: 'wsp_1', environment: 'dev', id: 'con_1', version: 2 },
      { kind: 'bearer', token: 'the-new-token' },
    );
    await pool.query('update connection set secret_version = 2');
    tell('connections', 'con_1');
    await broker.call(broker.mint(claim()), order());
    expect(received.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${canary}`, 'Bearer the-new-token']);
    // The one before is there to go back to.
    expect((await pool.query('select version from connection_secret order by 1')).rows).toEqual([
      { version: 1 },
      { version: 2 },
    ]);
    await pool.query('update connection set secret_version = 1');
    tell('connections', 'con_1');
    await broker.call(broker.mint(claim()), order());
    expect(received.at(-1)?.headers.authorization).toBe(`Bearer ${canary}`);
  });

  it('tells its caller nothing of a lost database, and reports it inside', async () => {
    const { broker, bugs } = await aBroker();
    await owner.query('alter table connection rename to hidden');
    try {
      const answer = await broker.call(broker.mint(claim()), order());
      expect(answer).toMatchObject({
        ok: false,
        failure: { kind: 'unavailable', code: 'broker.failed', uncertain: false },
      });
      expect(JSON.stringify(answer)).not.toContain('relation');
      expect(bugs).toHaveLength(1);
    } finally {
      await owner.query('alter table hidden rename to connection');
    }
  });
});

describe('what of an answer comes in', () => {
  it('is what the capability lists, and nothing else reaches who asked', async () => {
    await aConnection();
    replyWith = (res) => {
      res.setHeader('content-type', 'application/json');
      res.end(JSON.stringify({ id: 'ord_1', card: 'seen', lines: [{ sku: 'a', note: 'seen' }] }));
      return true;
    };
    const { broker } = await aBroker();
    const answer = await broker.call(broker.mint(claim({ reply: ['id', 'lines.sku'] })), order());
    expect(answer).toMatchObject({ ok: true, reply: { body: { id: 'ord_1', lines: [{ sku: 'a' }] } } });
    expect(JSON.stringify(answer)).not.toContain('seen');
    expect(JSON.stringify(await broker.call(broker.mint(claim()), order()))).toContain('seen');
  });

  it('can not be widened on the way', async () => {
    await aConnection();
    const { broker } = await aBroker();
    const answer = await broker.call({ ...broker.mint(claim({ reply: ['id'] })), reply: null }, order());
    expect(codeOf(answer)).toBe('broker.bad_capability');
    expect(received).toEqual([]);
  });
});

describe('grants', () => {
  const call = async (given: Partial<Capability> = {}) => {
    const { broker } = await aBroker();
    return codeOf(await broker.call(broker.mint(granted(given)), order()));
  };

  it('lets a covered call through', async () => {
    await aConnection({ environment: 'production' });
    await aGrant();
    expect(await call()).toBe('ok');
  });

  it.each([
    ['there is none', null, {}, 'broker.no_grant'],
    ['none is named', {}, { grant: null }, 'broker.no_grant'],
    ['it was revoked', { status: 'revoked' }, {}, 'broker.no_grant'],
    ['it still waits', { status: 'pending', allows: null }, {}, 'broker.no_grant'],
    ['it is of another slot', { slot: 'mail' }, {}, 'broker.no_grant'],
    ['it is of another environment', { environment: 'staging' }, {}, 'broker.no_grant'],
    ['it is marked expired', { status: 'expired' }, {}, 'broker.grant_expired'],
    ['it ran out a moment ago', { expiresAt: 1 }, {}, 'broker.grant_expired'],
    ['the scope is wider', {}, { scopes: ['requests.send', 'admin'] }, 'broker.not_covered'],
    ['a field is sent that it does not list', {}, { fields: ['personal:email'] }, 'broker.not_covered'],
    ['the connector is another version', {}, { connectorVersion: 'v2' }, 'broker.grant_changed'],
    ['it allows nothing', { allows: null }, {}, 'broker.not_covered'],
    [
      'it allows other hosts',
      {
        allows: {
          scopes: ['requests.send'],
          hosts: ['api.example.com'],
          calls: ['POST /v1/orders'],
          fields: [],
          replies: [],
        },
      },
      {},
      'broker.not_covered',
    ],
  ])('refuses when %s, and sends nothing', async (_what, grant, given, code) => {
    await aConnection({ environment: 'production' });
    if (grant !== null) await aGrant(grant);
    expect(await call(given)).toBe(code);
    expect(received).toEqual([]);
  });

  it.each([
    ['method', { method: 'DELETE' }],
    ['path', { url: `/v1/orders/7` }],
    ['path in another spelling', { url: `/v1/orders%2F..%2Fcustomers` }],
  ])('refuses another %s than those it lists, whatever the step may', async (_what, given) => {
    await aConnection({ environment: 'production' });
    await aGrant();
    const { broker } = await aBroker();
    const request = 'url' in given ? { url: `http://127.0.0.1:${port}${given.url}` } : given;
    const answer = await broker.call(broker.mint(granted({ call: 'ANY /*' })), order(request));
    expect(codeOf(answer)).toBe('broker.not_covered');
    expect(received).toEqual([]);
  });

  it.each([
    ['one that its template covers', '/v1/orders/7', 'ok'],
    ['not one below it', '/v1/orders/7/lines', 'broker.not_covered'],
  ])('lets a path through: %s', async (_what, path, code) => {
    await aConnection({ environment: 'production' });
    const hosts = [`127.0.0.1:${port}`];
    await aGrant({
      allows: { scopes: ['requests.send'], hosts, calls: ['POST /v1/orders/{value}'], fields: [], replies: [] },
    });
    const { broker } = await aBroker();
    const answer = await broker.call(
      broker.mint(granted({ call: 'ANY /*' })),
      order({ url: `http://127.0.0.1:${port}${path}` }),
    );
    expect(codeOf(answer)).toBe(code);
    expect(answer.record?.path).toBe(code === 'ok' ? '/v1/orders/{value}' : '/*');
  });

  it.each([
    [
      'what was granted of what the action takes',
      ['id', 'order.sku'],
      ['id', 'order.sku'],
      { id: 7, order: { sku: 'A' } },
    ],
    ['no field that was left out', ['id', 'order.sku'], ['id'], { id: 7 }],
    ['no field that the action does not take', ['id'], ['id', 'card'], { id: 7 }],
    ['nothing of a whole answer that was left out', null, [], {}],
    ['a whole answer that was granted', null, ['*'], { id: 7, order: { sku: 'A', price: 3 }, card: 'x' }],
  ])('lets in of an answer %s', async (_what, reply, replies, body) => {
    await aConnection({ environment: 'production' });
    const allows = { scopes: ['requests.send'], hosts: [`127.0.0.1:${port}`], calls: ['POST /v1/orders'], fields: [] };
    await aGrant({ allows: { ...allows, replies } });
    replyWith = (response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ id: 7, order: { sku: 'A', price: 3 }, card: 'x' }));
      return true;
    };
    const { broker } = await aBroker();
    const answer = await broker.call(broker.mint(granted({ reply })), order());
    expect(answer.ok && answer.kind === 'http' && answer.reply.body).toEqual(body);
  });

  it('counts what it was used for by day, and nothing that was refused', async () => {
    await aConnection({ environment: 'production' });
    const hosts = [`127.0.0.1:${port}`];
    await aGrant({
      allows: { scopes: ['requests.send'], hosts, calls: ['POST /v1/{value}'], fields: ['internal:body'], replies: [] },
    });
    const { broker } = await aBroker();
    const body = { call: 'ANY /*', fields: ['internal:body'] };
    for (const given of [body, body, { ...body, fields: ['personal:email'] }])
      await broker.call(broker.mint(granted(given)), order());
    const uses = async () =>
      (await pool.query('select step, call, host, scopes, fields, calls::int from grant_use')).rows;
    await expect.poll(uses, { timeout: 10_000 }).toEqual([
      {
        step: 'order',
        call: 'POST /v1/{value}',
        host: `127.0.0.1:${port}`,
        scopes: ['requests.send'],
        fields: ['internal:body'],
        calls: 2,
      },
    ]);
  });

  it.each([
    ['another host', { hosts: ['api.example.com'] }, 'broker.host_not_in_policy'],
    ['names below one', { hosts: ['*.0.0.1'] }, 'broker.host_not_in_policy'],
    ['this host', { hosts: ['api.example.com', 'HERE'] }, 'ok'],
  ])('is not enough where the policy of the environment allows %s only', async (_what, { hosts }, code) => {
    await aConnection({ environment: 'production' });
    await aGrant();
    const allowed = hosts.map((host) => host.replace('HERE', `127.0.0.1:${port}`));
    await pool.query(`update environment set policy = policy || $1::jsonb where name = 'production'`, [
      { hosts: allowed },
    ]);
    expect(await call()).toBe(code);
  });

  it('lets no more calls through than its rate', async () => {
    await aConnection({ environment: 'production' });
    await aGrant();
    await pool.query(`update approval_grant set rate = '{"callsPerSecond":0.01,"burst":1}'`);
    const { broker } = await aBroker();
    expect(codeOf(await broker.call(broker.mint(granted()), order()))).toBe('ok');
    expect(codeOf(await broker.call(broker.mint(granted()), order()))).toBe('broker.rate_limited');
  });

  it('refuses when its terms are not those that were signed', async () => {
    await aConnection({ environment: 'production' });
    await aGrant();
    await pool.query(`update approval_grant set allows = jsonb_set(allows, '{scopes}', '["requests.send", "admin"]')`);
    expect(await call({ scopes: ['requests.send', 'admin'] })).toBe('broker.grant_changed');
    expect(received).toEqual([]);
  });

  it('refuses when the content of its version is not what was signed', async () => {
    await aConnection({ environment: 'production' });
    await aGrant();
    await owner.query(`update flow_version set hash = 'another'`);
    expect(await call()).toBe('broker.grant_changed');
    expect(received).toEqual([]);
  });

  it('lets only versions through that were granted, whatever was deployed while nobody had to approve', async () => {
    await aConnection({ environment: 'production' });
    await aGrant();
    await pool.query(`
insert into flow_version (flow_id, version, workspace_id, hash, document, manifest, created_by)
  select 'flw_1', version, 'wsp_1', hash, '{}', '{}', 'mbr_1'
  from (values (2, 'never granted'), (3, 'h'), (4, 'granted before'), (5, 'asked for only'), (6, 'revoked')) more (version, hash);
insert into approval_grant (id, workspace_id, flow_id, version, environment, slot, connector, connection_id, deployment_id, hash, asks, allows, status, requested_by)
  select 'grt_' || version, 'wsp_1', 'flw_1', version, 'production', 'crm', 'http', 'con_1', 'dep_1', 'h', '{}', allows::jsonb, status, 'mbr_1'
  from (values (4, '{}', 'replaced'), (5, null, 'replaced'), (6, '{}', 'revoked')) more (version, allows, status)`);
    expect(await Promise.all([1, 2, 3, 4, 5, 6].map((version) => call({ version })))).toEqual([
      'ok',
      'broker.no_grant',
      'ok',
      'ok',
      'broker.no_grant',
      'broker.no_grant',
    ]);
  });

  it('refuses when the grant is on another connection', async () => {
    await aConnection({ environment: 'production' });
    await copyConnection();
    await aGrant({ connection: 'con_2' });
    expect(await call()).toBe('broker.no_grant');
  });

  it('stops at once when told of a revocation, and within a second when the news is lost', async () => {
    await aConnection({ environment: 'production' });
    await aGrant();
    const { broker, tell } = await aBroker();
    const send = async () => codeOf(await broker.call(broker.mint(granted()), order()));
    expect(await send()).toBe('ok');

    await pool.query("update approval_grant set status = 'revoked'");
    tell('grants', 'grt_1');
    expect(await send()).toBe('broker.no_grant');

    await pool.query("update approval_grant set status = 'active'");
    tell('grants', 'grt_1');
    expect(await send()).toBe('ok');
    await pool.query('update connection set revoked_at = now()');
    now += 1000;
    expect(await send()).toBe('broker.revoked');
  });

  it('stops a call that waited for its turn while the grant was revoked', async () => {
    await aConnection({ environment: 'production' });
    await aGrant();
    const { broker, tell } = await aBroker({ maxPerHost: 1 });
    const gate = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    held = async () => {
      arrived.resolve();
      await gate.promise;
    };
    const first = broker.call(broker.mint(granted()), order());
    await arrived.promise;
    const second = broker.call(broker.mint(granted()), order());
    await new Promise((resolve) => setImmediate(resolve));
    await pool.query("update approval_grant set status = 'revoked'");
    tell('grants', 'grt_1');
    gate.resolve();
    expect([codeOf(await first), codeOf(await second)]).toEqual(['ok', 'broker.no_grant']);
    expect(received).toHaveLength(1);
  });

  describe('limits', () => {
    const limit = (callsPerSecond: number, burst: number) =>
      pool.query('update connection set limits = $1', [{ callsPerSecond, burst }]);
    const times = async (count: number, send: () => Promise<BrokerAnswer>) =>
      (await Promise.all(Array.from({ length: count }, send))).map(codeOf).sort();

    it('put off what is past them, telling each call its own time to come back', async () => {
      await aConnection();
      await limit(0.01, 2);
      const { broker } = await aBroker();
      const send = () => broker.call(broker.mint(claim()), order());
      const answers = await Promise.all([send(), send(), send(), send()]);
      expect(answers.map(codeOf)).toEqual(['ok', 'ok', 'broker.rate_limited', 'broker.rate_limited']);
      const waits = answers.flatMap((answer) => (answer.ok ? [] : [answer.failure.retryAfterSeconds ?? 0]));
      expect(waits.map((seconds) => Math.round(seconds / 100))).toEqual([1, 2]);
      expect(answers[2]).toMatchObject({
        failure: {
          kind: 'refused',
          uncertain: false,
          message: 'This connection may make one call in 100 seconds: nothing was sent.',
        },
      });
      const later = await send();
      expect(later.ok ? 0 : Math.round((later.failure.retryAfterSeconds ?? 0) / 100)).toBe(3);
      expect(received).toHaveLength(2);
    });

    it('hold for all processes together', async () => {
      await aConnection();
      await limit(0.01, 7);
      const fleet = await Promise.all([aBroker(), aBroker(), aBroker()]);
      const codes = await Promise.all(
        fleet.map(({ broker }) => times(5, () => broker.call(broker.mint(claim()), order()))),
      );
      expect(codes.flat().filter((code) => code === 'ok')).toHaveLength(7);
      expect(received).toHaveLength(7);
    });

    it('let calls through again as the bucket fills', async () => {
      await aConnection();
      await limit(0.01, 1);
      const { broker } = await aBroker();
      const send = async () => codeOf(await broker.call(broker.mint(claim()), order()));
      expect([await send(), await send()]).toEqual(['ok', 'broker.rate_limited']);
      await pool.query(`update rate_bucket set filled_at = filled_at - interval '100 seconds'`);
      expect([await send(), await send()]).toEqual(['ok', 'broker.rate_limited']);
    });

    it('never tell anybody to come back later than in ten minutes', async () => {
      await aConnection();
      await limit(0.001, 1);
      const { broker } = await aBroker();
      const answers = await Promise.all(Array.from({ length: 5 }, () => broker.call(broker.mint(claim()), order())));
      const waits = answers.flatMap((answer) => (answer.ok ? [] : [answer.failure.retryAfterSeconds ?? 0]));
      expect(waits).toHaveLength(4);
      for (const seconds of waits) expect(seconds).toBeLessThanOrEqual(600);
    });

    it('of the environment hold for each flow by itself', async () => {
      await aConnection();
      await pool.query(`update environment set policy = policy || '{"flowLimits":{"callsPerSecond":0.01,"burst":1}}'`);
      const { broker } = await aBroker();
      const send = (flow: string | null) => () => broker.call(broker.mint(claim({ flow })), order());
      expect(await times(2, send('flw_1'))).toEqual(['broker.rate_limited', 'ok']);
      expect(await times(2, send('flw_2'))).toEqual(['broker.rate_limited', 'ok']);
      expect(await times(2, send(null))).toEqual(['ok', 'ok']);
    });

    it('of one kind that refuse a call cost no token of the other', async () => {
      await aConnection();
      await limit(0.01, 2);
      await pool.query(`update environment set policy = policy || '{"flowLimits":{"callsPerSecond":0.01,"burst":1}}'`);
      const { broker } = await aBroker();
      const send = (flow: string) => () => broker.call(broker.mint(claim({ flow })), order());
      expect(await times(3, send('flw_1'))).toEqual(['broker.rate_limited', 'broker.rate_limited', 'ok']);
      expect(await times(1, send('flw_2'))).toEqual(['ok']);
      expect(await times(1, send('flw_3'))).toEqual(['broker.rate_limited']);
    });
  });

  describe('a service that asks for a pause', () => {
    const busy = (status: number, retryAfter: string) => {
      replyWith = (response) => {
        response.writeHead(status, { 'retry-after': retryAfter });
        response.end();
        return true;
      };
    };

    it.each([429, 503])('gets it for the whole connection, from every process (%i)', async (status) => {
      await aConnection();
      const [one, two] = await Promise.all([aBroker(), aBroker()]);
      const send = ({ broker }: typeof one, given: Partial<Capability> = {}) =>
        broker.call(broker.mint(claim(given)), order());
      expect(codeOf(await send(two))).toBe('ok');
      busy(status, '40');
      expect(await send(one)).toMatchObject({ ok: true, reply: { status } });
      replyWith = () => false;
      expect(await send(one, { step: 'other' })).toMatchObject({
        failure: { kind: 'refused', code: 'broker.held', uncertain: false, retryAfterSeconds: 40 },
      });
      // The other process learns of it within a second.
      now += 1000;
      expect(await send(two)).toMatchObject({ failure: { code: 'broker.held', retryAfterSeconds: 39 } });
      expect(received).toHaveLength(2);
      now += 39_000;
      expect(codeOf(await send(two))).toBe('ok');
    });

    it('is asked again after an hour at the latest, and at once when it names no time', async () => {
      await aConnection();
      const { broker } = await aBroker();
      const send = () => broker.call(broker.mint(claim()), order());
      busy(503, 'soon');
      await send();
      expect(codeOf(await send())).toBe('ok');
      busy(429, '999999');
      await send();
      expect(await send()).toMatchObject({ failure: { code: 'broker.held', retryAfterSeconds: 3600 } });
    });
  });

  describe('a host that is down', () => {
    it('is asked by five calls, and then by one now and then', async () => {
      await aConnection({ hosts: ['127.0.0.1:1'] });
      const { broker } = await aBroker({ allow: ['127.0.0.1:1'] });
      const send = async () =>
        await broker.call(
          broker.mint(claim({ hosts: ['127.0.0.1:1'] })),
          order({ url: 'http://127.0.0.1:1/v1/orders' }),
        );
      for (let times = 0; times < 5; times += 1) expect(codeOf(await send())).toBe('egress.unreachable');
      expect(await send()).toMatchObject({
        failure: {
          kind: 'refused',
          code: 'broker.host_down',
          message: '127.0.0.1:1 failed the last calls and is asked again in 5 seconds: nothing was sent.',
          uncertain: false,
          retryAfterSeconds: 5,
        },
      });
      const paused = async () =>
        (await pool.query('select workspace_id, host, failures, until from host_pause')).rows.map((row) => ({
          ...row,
          until: row.until.getTime() - now,
        }));
      const pause = { workspace_id: 'wsp_1', host: '127.0.0.1:1', failures: 5, until: 5000 };
      await expect.poll(paused).toEqual([pause]);
      now += 5000;
      const codes = (await Promise.all([send(), send()])).map(codeOf);
      expect(codes).toEqual(['egress.unreachable', 'broker.host_down']);
      await expect.poll(paused).toEqual([{ ...pause, failures: 6, until: 10_000 }]);
    });

    it('gets only some calls again, whatever it answers, and every call for the first time', async () => {
      await aConnection();
      const { broker } = await aBroker();
      const send = (isRetry: boolean) => broker.call(broker.mint(claim()), order(), { isRetry });
      const again = await Promise.all(Array.from({ length: 105 }, () => send(true)));
      const held = again.filter((answer) => codeOf(answer) === 'broker.retries_held');
      expect([again.filter(({ ok }) => ok).length, held.length, held[0]]).toMatchObject([
        100,
        5,
        { failure: { kind: 'refused', uncertain: false, retryAfterSeconds: 1 } },
      ]);
      await expect
        .poll(async () => (await pool.query('select host, kind, failures from host_pause')).rows)
        .toEqual([{ host: `127.0.0.1:${port}`, kind: 'retries', failures: 1 }]);
      expect(codeOf(await send(false))).toBe('ok');
      now += 1000;
      expect(codeOf(await send(true))).toBe('ok');
      await expect.poll(async () => (await pool.query('select 1 from host_pause')).rowCount).toBe(0);
    });

    it('is none that answers 500, or that a call was refused for', async () => {
      await aConnection();
      replyWith = (response) => {
        response.writeHead(500);
        response.end();
        return true;
      };
      const { broker } = await aBroker();
      const send = () => broker.call(broker.mint(claim()), order());
      for (let times = 0; times < 8; times += 1) expect(await send()).toMatchObject({ ok: true });
    });
  });

  describe('kill switches', () => {
    const stop = async (kind: string, target: string) => {
      await owner.query('truncate kill_switch');
      await pool.query(
        `insert into kill_switch (id, workspace_id, kind, target, reason, set_by, set_by_name) values ('kil_1', 'wsp_1', $1, $2, 'breach', 'mbr_1', 'A')`,
        [kind, target],
      );
    };

    it.each([
      ['flow', 'flw_1'],
      ['connection', 'con_1'],
      ['connector', 'http'],
      ['environment', 'dev'],
      ['host', '127.0.0.1'],
      ['host', () => `127.0.0.1:${port}`],
    ])('stop what they name (%s), say who and why, and send nothing', async (kind, target) => {
      await aConnection();
      const { broker, tell } = await aBroker();
      const send = () => broker.call(broker.mint(claim()), order());
      expect(codeOf(await send())).toBe('ok');
      await stop(kind, typeof target === 'string' ? target : target());
      tell('kill-switches', 'kil_1');
      expect(await send()).toMatchObject({
        ok: false,
        failure: {
          kind: 'refused',
          code: 'broker.stopped',
          message: expect.stringMatching(/^A stopped this .*“breach”.*Nothing was sent\.$/),
          uncertain: false,
          retryAfterSeconds: 30,
        },
      });
      expect(received).toHaveLength(1);
    });

    it.each([
      ['flow', 'flw_2'],
      ['connection', 'http'],
      ['environment', 'production'],
      ['host', '127.0.0.1:1'],
      ['host', '27.0.0.1'],
    ])('leave everything else alone (%s %s)', async (kind, target) => {
      await aConnection();
      await stop(kind, target);
      const { broker } = await aBroker();
      expect(codeOf(await broker.call(broker.mint(claim()), order()))).toBe('ok');
    });

    it('let go once released, and hold within a second when the news is lost', async () => {
      await aConnection();
      const { broker } = await aBroker();
      const send = async () => codeOf(await broker.call(broker.mint(claim()), order()));
      expect(await send()).toBe('ok');
      await stop('connection', 'con_1');
      now += 1000;
      expect(await send()).toBe('broker.stopped');
      await pool.query("update kill_switch set released_at = now(), released_by = 'mbr_1'");
      now += 1000;
      expect(await send()).toBe('ok');
    });

    it('of another workspace stop nothing here', async () => {
      await aConnection();
      await stop('connector', 'http');
      await pool.query("update kill_switch set workspace_id = 'wsp_2'");
      const { broker } = await aBroker();
      expect(codeOf(await broker.call(broker.mint(claim()), order()))).toBe('ok');
    });
  });

  it('stops at the moment the grant expires, though it is remembered', async () => {
    await aConnection({ environment: 'production' });
    await aGrant({ expiresAt: now + 500 });
    const { broker } = await aBroker();
    expect(codeOf(await broker.call(broker.mint(granted()), order()))).toBe('ok');
    now += 500;
    expect(codeOf(await broker.call(broker.mint(granted()), order()))).toBe('broker.grant_expired');
  });
});

describe('F8: redirects', () => {
  const others: string[] = [];
  const other = createServer((request, response) => {
    others.push(JSON.stringify(request.headers));
    response.end('elsewhere');
  });
  let otherPort = 0;
  beforeAll(async () => {
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    otherPort = address === null || typeof address === 'string' ? 0 : address.port;
  });
  afterAll(() => void other.close());
  beforeEach(() => void (others.length = 0));

  const get = (given: object = {}) => order({ method: 'GET', body: undefined, redirects: 5, ...given });
  const to = (...locations: string[]) => {
    replyWith = (response) => {
      const location = locations.length > 1 ? locations.shift() : locations[0];
      if (location === undefined || location === '') return false;
      response.writeHead(302, { location }).end();
      return true;
    };
  };
  const hosts = () => [`127.0.0.1:${port}`, `127.0.0.1:${otherPort}`];
  async function send(request = get(), given: Partial<Capability> = {}, allow = hosts()) {
    await aConnection({ hosts: [...hosts(), 'inside.example.com'] });
    const { broker } = await aBroker({ allow });
    return await broker.call(broker.mint(claim({ call: 'ANY /*', hosts: hosts(), ...given })), request);
  }

  it('are answers unless the step asks for more, and for a POST always', async () => {
    to('/next');
    expect(await send(get({ redirects: 0 }))).toMatchObject({ ok: true, reply: { status: 302 } });
    await owner.query('truncate connection cascade');
    expect(await send(order({ redirects: 5 }))).toMatchObject({ ok: true, reply: { status: 302 } });
    expect(received).toHaveLength(2);
  });

  describe('of a document at an address', () => {
    const capability = (broker: Awaited<ReturnType<typeof aBroker>>['broker']) =>
      broker.mint(claimOfNoFlow(ofDocuments, { call: 'GET document', deadline: now + 30_000 }));
    const ofDocuments = {
      workspace: 'wsp_1',
      environment: '',
      connection: 'document',
      connector: 'openapi',
      hosts: [],
    };
    async function fetchFrom(url: string, allow = hosts()) {
      const { broker } = await aBroker({ allow });
      return await broker.call(capability(broker), { kind: 'document', url });
    }

    it('control: are followed on its host; it is read without a secret', async () => {
      to('/v2/openapi.json', '');
      expect(await fetchFrom(`http://127.0.0.1:${port}/openapi.json`)).toMatchObject({
        ok: true,
        reply: { status: 200 },
      });
      expect(received.map(({ url, headers }) => [url, headers.authorization])).toEqual([
        ['/openapi.json', undefined],
        ['/v2/openapi.json', undefined],
      ]);
    });

    it.each([
      ['another host', () => to(`http://127.0.0.1:${otherPort}/openapi.json`), 1],
      ['a private one', () => to('http://127.0.0.1:1/openapi.json'), 1],
    ])('F8: are not followed to %s', async (_where, sends, times) => {
      sends();
      const answer = await fetchFrom(`http://127.0.0.1:${port}/openapi.json`);
      expect([answer.ok, received.length]).toEqual([false, times]);
    });

    it.each([
      ['an address inside', () => `http://127.0.0.1:${otherPort}/`, 'egress.unreachable'],
      ['a name and password in it', () => `http://me:secret@127.0.0.1:${port}/`, 'broker.bad_request'],
      ['another protocol', () => 'file:///etc/passwd', 'broker.bad_request'],
    ])('F8: none is sent with %s', async (_what, url, code) => {
      expect(codeOf(await fetchFrom(url(), [`127.0.0.1:${port}`]))).toBe(code);
      expect(received).toEqual([]);
    });

    it('none is sent to a host that was stopped', async () => {
      await owner.query('truncate kill_switch');
      await pool.query(
        `insert into kill_switch (id, workspace_id, kind, target, reason, set_by, set_by_name) values ('kil_1', 'wsp_1', 'host', $1, 'breach', 'mbr_1', 'A')`,
        [`127.0.0.1:${port}`],
      );
      expect(codeOf(await fetchFrom(`http://127.0.0.1:${port}/openapi.json`))).toBe('broker.stopped');
      await owner.query('truncate kill_switch');
    });
  });

  it('control: are followed on the same host, with its secret', async () => {
    to('/next', '');
    expect(await send()).toMatchObject({ ok: true, reply: { status: 200 } });
    expect(received.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ['/v1/orders', `Bearer ${canary}`],
      ['/next', `Bearer ${canary}`],
    ]);
  });

  it('to another host that is allowed carry no secret', async () => {
    to(`http://127.0.0.1:${otherPort}/next`);
    expect(await send()).toMatchObject({ ok: true, reply: { status: 200, body: 'elsewhere' } });
    expect(others).toHaveLength(1);
    expect(others[0]).not.toMatch(/canary|authorization/);
  });

  it.each([
    ['a host that is not allowed', 'http://evil.test/', 'broker.host_not_allowed'],
    ['the metadata service', 'http://169.254.169.254/latest/meta-data', 'broker.host_not_allowed'],
    ['an allowed name that leads inside', 'https://inside.example.com/', 'egress.unreachable'],
    ['a user name and password', 'http://a:b@127.0.0.1:1/', 'broker.bad_request'],
    ['a file', 'file:///etc/passwd', 'broker.bad_request'],
  ])('to %s end the call, and nothing goes there', async (_what, location, code) => {
    to(location);
    expect(codeOf(await send(get(), { hosts: [...hosts(), 'inside.example.com'] }))).toBe(code);
    expect([received.length, others.length]).toEqual([1, 0]);
  });

  it('to a path that the step may not call end it as well', async () => {
    to('/v1/users');
    expect(codeOf(await send(get(), { call: 'GET /v1/orders' }))).toBe('broker.call_not_allowed');
    expect(received).toHaveLength(1);
  });

  it('in a circle end after five', async () => {
    to('/again');
    expect(await send()).toMatchObject({ ok: true, reply: { status: 302 } });
    expect(received).toHaveLength(6);
  });
});

describe('F8: a host that can’t be reached', () => {
  const closed = 'closed.example.com:9';

  it.each([
    ['denied', { hosts: ['api.example.com'], url: 'https://api.example.com/v1/orders', answers: ['10.9.8.7'] }],
    ['unknown', { hosts: ['api.example.com'], url: 'https://api.example.com/v1/orders', answers: [] }],
    ['closed', { hosts: [closed], url: `https://${closed}/v1/orders`, answers: ['127.0.0.1'], allow: ['127.0.0.0/8'] }],
  ])(
    'is told of in the same words and after the same time when it is %s',
    async (_what, { hosts, url, answers, ...more }) => {
      await aConnection({ hosts });
      const { broker } = await aBroker({ allow: [], lookup: async () => answers, evenOutMilliseconds: 700, ...more });
      const began = performance.now();
      const answer = await broker.call(broker.mint(claim({ hosts })), order({ url }));
      const took = performance.now() - began;
      const label = new URL(url).host;
      expect(answer).toMatchObject({
        ok: false,
        failure: { kind: 'unavailable', code: 'egress.unreachable', uncertain: false },
        record: { host: label, status: null },
      });
      expect(answer.ok || answer.failure.message.replace(label, 'X')).toBe(
        "X can't be reached: check the host and port, that the service is up, and, if it is private, that SLUICE_ALLOW_PRIVATE_HOSTS lists it.",
      );
      expect(took).toBeGreaterThan(690);
    },
  );
});

describe('stand-ins', () => {
  const hosts = ['api.hubapi.com'];
  const contact = {
    kind: 'http' as const,
    request: { method: 'POST', url: 'https://api.hubapi.com/v1/orders', body: {} },
  };
  const doubles = () => ({ 'api.hubapi.com': `http://127.0.0.1:${port}/crm` });

  it('answer for a declared host outside production, with the same checks', async () => {
    await aConnection({ hosts });
    const { broker } = await aBroker({ doubles: doubles(), allow: [] });
    expect(codeOf(await broker.call(broker.mint(claim({ hosts })), contact))).toBe('ok');
    expect(received[0]).toMatchObject({
      url: '/crm/v1/orders',
      host: 'api.hubapi.com',
      headers: { authorization: `Bearer ${canary}` },
    });
    expect(codeOf(await broker.call(broker.mint(claim({ hosts: ['other.test'] })), contact))).toBe(
      'broker.host_not_allowed',
    );
  });

  it('are refused in production, before the secret is read', async () => {
    await aConnection({ hosts, environment: 'production' });
    await aGrant({ allows: { scopes: ['requests.send'], hosts, calls: ['POST /v1/orders'], fields: [], replies: [] } });
    const { broker } = await aBroker({ doubles: doubles() });
    expect(codeOf(await broker.call(broker.mint(granted({ hosts })), contact))).toBe(
      'broker.no_stand_ins_in_production',
    );
    expect(received).toEqual([]);
  });
});

describe('mail', () => {
  const config = { host: 'smtp.example.com', port: 587, from: 'shop@example.com' };
  const hosts = ['smtp.example.com:587'];
  const basic: AuthInput = { kind: 'basic', username: 'shop', password: canary };
  const mailClaim = (given: Partial<Capability> = {}) =>
    claim({ connector: 'smtp', hosts, call: 'SMTP message', action: 'send', scopes: ['mail.send'], ...given });
  const mail = {
    kind: 'mail' as const,
    message: { to: ['ada@example.com'], subject: 'Hello', text: 'x', messageId: '<k@example.com>' },
  };

  async function aMailServer() {
    const logins: (string | undefined)[] = [];
    const server = new SMTPServer({
      logger: false,
      closeTimeout: 50,
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth({ password }, _session, done) {
        logins.push(password ?? undefined);
        done(null, { user: 'shop' });
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => new Promise((resolve) => server.close(() => resolve())));
    const address = server.server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    return { port: address.port, logins };
  }

  it('goes to the connection’s own server, here its stand-in', async () => {
    const { port: mailPort, logins } = await aMailServer();
    await aConnection({ connector: 'smtp', auth: basic, hosts, config });
    const { broker } = await aBroker({ doubles: { 'smtp.example.com': `smtp://127.0.0.1:${mailPort}` } });
    const answer = await broker.call(broker.mint(mailClaim()), mail);
    expect(answer).toMatchObject({
      ok: true,
      receipt: { accepted: ['ada@example.com'] },
      record: { host: 'smtp.example.com:587', method: 'SMTP', path: 'message' },
    });
    expect(logins).toEqual([canary]);
    expect(JSON.stringify(answer)).not.toContain('canary');
  });

  it.each([
    ['the grant names another server', { hosts: ['smtp.evil.test:587'] }, {}, 'broker.host_not_allowed'],
    ['the server’s config moved to another host', {}, { host: 'smtp.evil.test' }, 'broker.host_not_allowed'],
    ['the server’s config moved to another port', {}, { port: 25 }, 'broker.host_not_allowed'],
    ['it would go out in the clear', {}, { tls: 'none' }, 'egress.cleartext'],
    ['the name is private', {}, {}, 'egress.unreachable'],
  ])('is refused when %s', async (_what, given, moved, code) => {
    await aConnection({ connector: 'smtp', auth: basic, hosts, config: { ...config, ...moved } });
    const { broker } = await aBroker({ allow: [] });
    expect(codeOf(await broker.call(broker.mint(mailClaim(given)), mail))).toBe(code);
  });

  it('is not sent through a connection for something else', async () => {
    await aConnection();
    const { broker } = await aBroker();
    expect(codeOf(await broker.call(broker.mint(claim()), mail))).toBe('broker.bad_request');
  });
});
