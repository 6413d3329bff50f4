import { fork } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  childKind,
  localKind,
  type SocketKind,
  socketKind,
  type Transport,
  type TransportKind,
} from '../../test/broker-transports.js';
import { createTestDatabase, type TestDatabase } from '../../test/database.js';
import { aClaim } from '../../test/records.js';
import { waitFor } from '../../test/wait-for.js';
import { Clock } from '../platform/clock.js';
import { defaultCell, openPool } from '../platform/database/cell.js';
import { Keyring } from '../platform/keys/keyring.js';
import { parseRootKey } from '../platform/keys/root-key.js';
import type { BrokerAnswer, Capability } from './call.js';
import { encodeFrames } from './frames.js';
import { LinkedBroker } from './linked-broker.js';
import { toPlainRequest } from './plain-request.js';
import { openSocketDoor } from './socket-door.js';
import { Vault } from './vault.js';

const token = 'canary-7d1f-secret';
let database: TestDatabase;
let pool: pg.Pool;
let keyring: Keyring;
let host = '';

/** Repeats what it is sent; while it is shut it lets callers wait. */
const waiting = new Set<ServerResponse>();
let isShut = false;
const service = createServer((request, response) => void repeat(request, response));
async function repeat(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of request) body += chunk;
  if (isShut) return void waiting.add(response);
  const { url, headers } = request;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ url, body, type: headers['content-type'], authorization: headers.authorization }));
}
function openUp(): void {
  isShut = false;
  for (const response of waiting) response.end('{}');
  waiting.clear();
}
const arrived = (count: number) => waitFor(() => (waiting.size >= count ? true : undefined));

beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(defaultCell(database.url), 2);
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const address = service.address();
  host = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  keyring = new Keyring({
    database: pool,
    root: parseRootKey(Buffer.alloc(32, 1).toString('base64'), 'test'),
    clock: new Clock(),
  });
  await pool.query(`
insert into workspace (id, name) values ('wsp_1', 'W');
insert into environment (id, workspace_id, name, position, policy) values ('env_1', 'wsp_1', 'dev', 1, '{"approval":false,"production":false}');
insert into member (id, workspace_id, email, name, roles) values ('mbr_1', 'wsp_1', 'a@b.c', 'A', '{owner}');`);
  await pool.query(
    `insert into connection (id, workspace_id, environment, connector, name, auth_kind, config, hosts, owner_id)
     values ('con_1', 'wsp_1', 'dev', 'http', 'C', 'bearer', '{}', $1, 'mbr_1')`,
    [[host]],
  );
  const secret = { workspace: 'wsp_1', environment: 'dev', id: 'con_1', version: 1 };
  await new Vault(keyring).putSecret(pool, secret, { kind: 'bearer', token });
});
afterAll(async () => {
  service.closeAllConnections();
  service.close();
  await pool.end();
  await database.drop();
});

const claim = (given: Partial<Capability> = {}) => aClaim({ now: Date.now(), hosts: [host], ...given });
const post = (body: object | string | URLSearchParams = {}, path = '/') => ({
  kind: 'http' as const,
  request: { method: 'POST', url: `http://${host}${path}`, body },
});
const replyOf = (answer: BrokerAnswer) => (answer.ok && answer.kind === 'http' ? Object(answer.reply.body) : answer);
const failureOf = (answer: BrokerAnswer) => (answer.ok ? 'ok' : [answer.failure.code, answer.failure.uncertain]);

async function aCaller({ dial }: Transport): Promise<LinkedBroker> {
  const key = await keyring.key('', '', 'capability');
  const broker = new LinkedBroker({ key, dial, now: () => Date.now() });
  // One that is elsewhere may come later.
  await broker.open().catch(() => undefined);
  await waitFor(() => (broker.hasFreeSlot() ? true : undefined), 50_000);
  return broker;
}

/** A broker of this kind, and a caller that reached it. */
interface Opened<Kind extends TransportKind> {
  kind: Kind;
  transport: Transport;
  broker: LinkedBroker;
  close(): Promise<void>;
}

async function openBroker<Kind extends TransportKind>(openKind: () => Promise<Kind>): Promise<Opened<Kind>> {
  const kind = await openKind();
  const transport = await kind.open({ url: database.url, allowed: host });
  const broker = await aCaller(transport);
  return {
    kind,
    transport,
    broker,
    async close() {
      await broker.close();
      await transport.close();
      await kind.remove();
    },
  };
}

describe.each([
  ['in one process', localKind],
  ['a child', childKind],
  ['on a socket', socketKind],
])('the broker %s', (_name, openKind) => {
  let opened: Opened<TransportKind>;
  let transport: Transport;
  let broker: LinkedBroker;

  beforeAll(async () => {
    opened = await openBroker<TransportKind>(openKind);
    ({ transport, broker } = opened);
  });
  afterAll(() => opened?.close());
  afterEach(() => openUp());

  it('answers each call of a turn with its own answer, and keeps the secret to itself', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map((n) => broker.call(broker.mint(claim()), post({ n }, `/${n}`))));
    expect(answers.map((answer) => replyOf(answer))).toMatchObject(
      [1, 2, 3, 4].map((n) => ({ url: `/${n}`, body: `{"n":${n}}`, authorization: 'Bearer [removed]' })),
    );
    expect(answers[0]).toMatchObject({ record: { host, method: 'POST', status: 200, bytesSent: 7 } });
  });

  it.each([
    ['an object', { when: new Date(0), gone: undefined }, '{"when":"1970-01-01T00:00:00.000Z"}', 'application/json'],
    ['a form', new URLSearchParams({ a: 'ü b' }), 'a=%C3%BC+b', 'application/x-www-form-urlencoded'],
    ['text', 'plain ☃', 'plain ☃', 'text/plain; charset=utf-8'],
  ])('sends %s as what it is', async (_what, body, sent, type) => {
    expect(replyOf(await broker.call(broker.mint(claim()), post(body)))).toMatchObject({ body: sent, type });
  });

  it('carries what is large, and refuses what is too large without losing the line', async () => {
    const large = '\u0001'.repeat(1_500_000);
    const answers = await Promise.all([
      broker.call(broker.mint(claim()), post(large)),
      broker.call(broker.mint(claim()), post('x'.repeat(10 * 1024 * 1024 + 1))),
    ]);
    expect(replyOf(answers[0]).body).toBe(large);
    expect(failureOf(answers[1])).toEqual(['broker.bad_request', false]);
  });

  it('refuses a call that is none, alone', async () => {
    const odd = { ...broker.mint(claim()), hosts: 'everywhere' as never };
    const calls = [broker.call(odd, post()), broker.call(broker.mint(claim()), post())];
    expect((await Promise.all(calls)).map(failureOf)).toEqual([['broker.bad_request', false], 'ok']);
  });

  it('breaks a call off that is under way, as uncertain, and does not begin one that is not', async () => {
    isShut = true;
    const abort = new AbortController();
    const first = broker.call(broker.mint(claim()), post(), { signal: abort.signal });
    await arrived(1);
    const second = broker.call(broker.mint(claim()), post(), { signal: abort.signal });
    abort.abort();
    expect(failureOf(await first)).toEqual(['egress.broken_off', true]);
    expect(failureOf(await second)).toEqual(['broker.away', false]);
    expect(waiting.size).toBe(1);
  });

  it('keeps the deadline of the capability', async () => {
    isShut = true;
    const call = broker.call(broker.mint(claim({ deadline: Date.now() + 400 })), post());
    expect(failureOf(await call)).toEqual(['egress.timeout', true]);
  });

  it('killed: what it was given is uncertain, what came later waits for the next one', async () => {
    isShut = true;
    const lost = broker.call(broker.mint(claim()), post());
    await arrived(1);
    await transport.kill();
    expect(failureOf(await lost)).toEqual(['broker.away', true]);
    expect(broker.hasFreeSlot()).toBe(false);
    openUp();
    const late = broker.call(broker.mint(claim()), post());
    const impatient = broker.call(broker.mint(claim({ deadline: Date.now() })), post());
    expect(failureOf(await impatient)).toEqual(['broker.away', false]);
    expect(failureOf(await late)).toBe('ok');
    expect(broker.hasFreeSlot()).toBe(true);
  });

  it('lets calls under way end at a stop, and takes no more', async () => {
    isShut = true;
    const last = broker.call(broker.mint(claim()), post());
    await arrived(1);
    const closed = broker.close();
    expect(failureOf(await broker.call(broker.mint(claim()), post()))).toEqual(['broker.away', false]);
    openUp();
    expect(failureOf(await last)).toBe('ok');
    await closed;
  });
});

describe('a broker child', () => {
  let kind: Awaited<ReturnType<typeof childKind>>;
  beforeAll(async () => {
    kind = await childKind();
  });
  afterAll(() => kind.remove());

  it('leaves Ctrl-C and the other wishes of a terminal to its parent', async () => {
    const broker = await aCaller(await kind.open({ url: database.url, allowed: host }));
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) await kind.signal(name);
    expect(failureOf(await broker.call(broker.mint(claim()), post()))).toBe('ok');
    await broker.close();
  });

  it('ends when it is told what nobody says', async () => {
    const env = kind.environment({ url: database.url, allowed: host });
    const child = fork(kind.file, [], { env, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    await once(child, 'message');
    child.send([{ kind: 'steal' }]);
    expect(await once(child, 'exit')).toEqual([1, null]);
  });

  it('says why it can’t start', async () => {
    const env = { PATH: process.env['PATH'], SLUICE_ROLES: 'broker', DATABASE_URL: 'postgres://x@127.0.0.1:1/x' };
    const child = fork(kind.file, [], { env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    const [said] = child.stderr === null ? [] : await once(child.stderr, 'data');
    expect(String(said)).toMatch(/^The broker did not start: The database in DATABASE_URL can't be reached/);
  });
});

describe('the socket', () => {
  let opened: Opened<SocketKind>;
  let broker: LinkedBroker;
  let path: string;
  beforeAll(async () => {
    opened = await openBroker(socketKind);
    ({ broker } = opened);
    ({ path } = opened.kind);
  });
  afterAll(() => opened?.close());

  it('breaks off the calls of a caller that is gone: somebody may do them again', async () => {
    isShut = true;
    const caller = connect(path);
    caller.resume();
    const call = { kind: 'call', id: 1, capability: broker.mint(claim()), request: toPlainRequest(post()) };
    caller.write(encodeFrames([call]));
    await arrived(1);
    const brokenOff = [...waiting].map((response) => once(response, 'close'));
    caller.destroy();
    await Promise.all(brokenOff);
    openUp();
  });

  it('belongs to one broker', async () => {
    // It never comes to the desk.
    const second = openSocketDoor({ desk: null as never, path, report: () => undefined });
    await expect(second).rejects.toThrow(/^Another broker listens at /);
  });

  it('is open to its own user only', async () => {
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['a frame that is too large', 'ffffffff'],
    ['a frame that is no JSON', frameOf('{]')],
    ['a message that nobody sends', frameOf('{"kind":"steal"}')],
    ['an answer instead of a call', frameOf('{"kind":"answer","id":1,"answer":{"ok":true}}')],
  ])('hangs up on %s, and on nobody else', async (_what, hex) => {
    const stranger = connect(path);
    stranger.resume();
    stranger.write(hex, 'hex');
    await once(stranger, 'close');
    expect(failureOf(await broker.call(broker.mint(claim()), post()))).toBe('ok');
  });
});

function frameOf(text: string): string {
  return text.length.toString(16).padStart(8, '0') + Buffer.from(text).toString('hex');
}
