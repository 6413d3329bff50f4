import {
  createHmac,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign as signBytes,
} from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/database.js';
import { type House, openHouse } from '../../test/open-house.js';
import { flowOf, seedFlow, type SeededFlow, seedSecret, seedWorkspace } from '../../test/seed.js';
import { send, sendRaw } from '../../test/send.js';
import { waitFor } from '../../test/wait-for.js';
import { DiskBlobs } from '../platform/blobs/disk.js';
import { Clock } from '../platform/clock.js';
import { defaultCell } from '../platform/database/cell.js';
import { newId } from '../platform/ids.js';

let database: TestDatabase;
let house: House;
let to: SeededFlow & { url: string };
let folder: string;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'sluice-door-'));
  house = await openHouse({
    blobs: new DiskBlobs(folder),
    cell: defaultCell(database.url),
    allowPrivateHosts: [],
    door: { replyMs: 400, refusalRate: { burst: 1000, perSecond: 1000 } },
  });
  await seedWorkspace(house.pool);
});
afterAll(async () => {
  await house.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  to = await deploy();
});

async function deploy(
  more: { steps?: object[]; edges?: string[]; scheme?: string; secret?: string; config?: object } = {},
) {
  const {
    steps = [{ id: 'keep', kind: 'transform', input: { all: { $: 'trigger' } } }],
    edges = ['hook>keep'],
    ...rest
  } = more;
  return { url: house.url, ...(await seedFlow(house, { document: flowOf(steps, edges), ...rest })) };
}

async function events(endpoint = to.endpoint) {
  const { rows } = await house.pool.query(
    'select id, status, reason_code, message_id, first_id, run_id, checks, bytes, address from trigger_event where endpoint_id = $1 order by received_at, id',
    [endpoint],
  );
  return rows;
}

async function runCount(): Promise<number> {
  const { rows } = await house.pool.query('select count(*)::int as n from run where flow_id = $1', [to.flow]);
  return rows[0].n;
}

const problem = (code: string) => ({ code, message: expect.any(String), requestId: expect.stringMatching(/^req_/) });

describe('a good delivery', () => {
  it('is answered 202 with its ids once event and run are stored', async () => {
    const sent = await send(to, { id: 'A-1' }, { id: 'msg_1' });
    expect(sent).toMatchObject({
      status: 202,
      body: { eventId: expect.stringMatching(/^evt_/), runId: expect.stringMatching(/^run_/) },
    });
    const [event] = await events();
    expect(event).toMatchObject({ status: 'accepted', message_id: 'msg_1', bytes: 12, address: '127.0.0.1' });
    expect({ eventId: event.id, runId: event.run_id }).toEqual(sent.body);
    expect(event.checks.map(({ check, ok }: { check: string; ok: boolean }) => [check, ok])).toEqual(
      ['content type', 'size', 'signature headers', 'time', 'signature'].map((check) => [check, true]),
    );
  });

  it('is kept, with its run and what it carried, for as long as its environment says', async () => {
    await house.pool.query(`update environment set policy = policy || '{"retentionDays":7}' where id = 'env_1'`);
    const { endpoint, url, secret } = await deploy();
    await send({ endpoint, url, secret }, {}, { id: 'msg_kept' });
    await house.pool.query(`update environment set policy = policy - 'retentionDays' where id = 'env_1'`);

    const { rows } = await house.pool.query(
      `select e.keep_days as event, r.keep_days as run, p.keep_days as payload, p.tableoid::regclass::text as lies
       from trigger_event e join run r on r.id = e.run_id join payload p on p.run_id = r.id where e.endpoint_id = $1 and p.attempt = 1`,
      [endpoint],
    );
    expect(rows).toEqual([
      { event: 7, run: 7, payload: 7, lies: expect.stringMatching(/^sluice_days.payload_k7_\d{8}$/) },
    ]);
  });

  it('that is too large for a row lies sealed beside the database, and is there when its run goes on and when it is replayed', async () => {
    const large = await deploy({
      steps: [
        { id: 'pause', kind: 'wait', seconds: 0.1 },
        { id: 'measure', kind: 'transform', input: { length: { $: '$length(trigger.body.text)' } } },
      ],
      edges: ['hook>pause', 'pause>measure'],
    });
    // That no compression makes small.
    const text = `a word. ${randomBytes(360_000).toString('base64')}`;
    await send(large, { text }, { id: 'msg_large' });
    const [event] = await events(large.endpoint);
    const succeeded = async (id: string) =>
      await waitFor(async () => {
        const { rows } = await house.pool.query(`select from run where id = $1 and status = 'succeeded'`, [id]);
        return rows.length === 1 ? true : undefined;
      });
    await succeeded(event.run_id);

    const { rows } = await house.pool.query(`select sealed, blob from payload where run_id = $1 and attempt = 1`, [
      event.run_id,
    ]);
    expect(rows).toEqual([{ sealed: null, blob: expect.stringMatching(/^k90\/[\d-]{10}\/[0-9a-f]{64}$/) }]);
    const [day = ''] = await readdir(join(folder, 'k90'));
    const [file = ''] = await readdir(join(folder, 'k90', day));
    expect((await readFile(join(folder, 'k90', day, file))).includes('a word.')).toBe(false);

    const actor = { workspace: 'wsp_1', member: 'mbr_1', name: 'Ada', roles: [], requestId: 'req_1' };
    const again = await house.engine.replayEvent({ actor, eventId: event.id });
    await succeeded(again.runId);
  });

  it('shows the flow its body, headers and query, and nothing that proves who sent it', async () => {
    const echo = await deploy({
      steps: [{ id: 'answer', kind: 'respond', body: { $: 'trigger' } }],
      edges: ['hook>answer'],
      config: { respond: 'result' },
    });
    const sent = await send(
      { ...echo, endpoint: `${echo.endpoint}?a=1&a=2&__proto__=x` },
      { n: 1 },
      { id: 'msg_1', headers: { 'X-Own': 'v', authorization: 'Bearer secret', cookie: 'a=b' } },
    );
    expect(sent.body).toMatchObject({
      body: { n: 1 },
      query: { a: ['1', '2'] },
      id: 'msg_1',
      headers: { 'x-own': 'v', 'webhook-id': 'msg_1' },
    });
    expect(JSON.stringify(sent.body)).not.toMatch(/Bearer|a=b|webhook-signature/);
  });

  it('starts one run when it comes 50 times at once, and 200 with the first ids later', async () => {
    const sent = await Promise.all(Array.from({ length: 50 }, () => send(to, { id: 1 }, { id: 'msg_same' })));
    expect(sent.filter(({ status }) => status === 202)).toHaveLength(1);
    const first = sent.find(({ status }) => status === 202)?.body;
    for (const { status, body } of sent) expect([status === 202 ? 202 : 200, body]).toEqual([status, first]);
    expect((await send(to, { id: 1 }, { id: 'msg_same' })).body).toEqual(first);
    expect(await runCount()).toBe(1);
    const stored = await events();
    expect(stored.filter(({ status }) => status === 'accepted')).toHaveLength(1);
    expect(
      stored.filter(
        ({ status, first_id }) =>
          status === 'duplicate' && first_id === stored.find((event) => event.status === 'accepted').id,
      ),
    ).toHaveLength(50);
  });

  it('is taken with the old secret too while it rotates', async () => {
    const secret = `whsec_${Buffer.alloc(24, 8).toString('base64')}`;
    await house.pool.query(`update endpoint_secret set expires_at = now() + interval '1 day' where endpoint_id = $1`, [
      to.endpoint,
    ]);
    await seedSecret(house, { endpoint: to.endpoint, version: 2, secret });
    await house.changes.notify(house.pool, 'endpoints', to.endpoint);
    await waitFor(async () => ((await send({ ...to, secret }, {})).status === 202 ? true : undefined));
    expect((await send(to, {})).status).toBe(202);
  });

  it('is taken by the sender’s public key, a file of 1 MiB too, and beside the secret that was there before', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const bytes = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    await house.pool.query(`update endpoint_secret set expires_at = now() + interval '1 day' where endpoint_id = $1`, [
      to.endpoint,
    ]);
    await house.pool.query(
      `update endpoint set config = '{"contentTypes":["application/json","image/png"]}' where id = $1`,
      [to.endpoint],
    );
    await seedSecret(house, { endpoint: to.endpoint, version: 2, secret: `whpk_${bytes.toString('base64')}` });
    await house.changes.notify(house.pool, 'endpoints', to.endpoint);
    const post = (body: Buffer, type: string, { key = privateKey }: { key?: KeyObject } = {}) => {
      const [id, time] = [newId('event'), String(Math.floor(new Clock().now() / 1000))];
      const content = Buffer.concat([Buffer.from(`${id}.${time}.`), body]);
      const signature = `v1a,${signBytes(null, content, key).toString('base64')}`;
      const headers = {
        'content-type': type,
        'webhook-id': id,
        'webhook-timestamp': time,
        'webhook-signature': signature,
      };
      return sendRaw(`${house.url}/hooks/${to.endpoint}`, { method: 'POST', body: new Uint8Array(body), headers });
    };
    await waitFor(async () => ((await post(Buffer.from('{}'), 'application/json')).status === 202 ? true : undefined));
    expect((await send(to, {})).status).toBe(202);
    const other = generateKeyPairSync('ed25519').privateKey;
    expect((await post(Buffer.from('{}'), 'application/json', { key: other })).body).toEqual(
      problem('webhook.wrong_signature'),
    );
    const file = Buffer.alloc(1024 ** 2, 1);
    expect((await post(file, 'image/png')).status).toBe(202);
    expect((await post(file, 'image/png', { key: other })).body).toEqual(problem('webhook.wrong_signature'));
    expect((await post(Buffer.concat([file, file]), 'image/png')).body).toEqual(problem('request.file_too_large'));
  });

  it('waits for the flow’s answer no longer than its limit, then gives the ids', async () => {
    const slow = await deploy({
      steps: [{ id: 'pause', kind: 'wait', seconds: 60 }],
      edges: ['hook>pause'],
      config: { respond: 'result' },
    });
    expect(await send(slow, {})).toMatchObject({ status: 202, body: { runId: expect.stringMatching(/^run_/) } });
  });

  it('tells a waiting caller that the flow failed, without its inside', async () => {
    const failing = await deploy({
      steps: [{ id: 'end', kind: 'stop', outcome: 'failed', message: 'inner reason' }],
      edges: ['hook>end'],
      config: { respond: 'result' },
    });
    const sent = await send(failing, {});
    expect(sent).toMatchObject({ status: 500, body: { code: 'run.failed' } });
    expect(JSON.stringify(sent.body)).not.toContain('inner reason');
  });

  it('knows a signed message without an id by its signature', async () => {
    const own = await deploy({ scheme: 'hmac', secret: 'own secret of ours', config: { header: 'X-Sig' } });
    const post = (body: string) =>
      sendRaw(`${house.url}/hooks/${own.endpoint}`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', 'x-sig': hmac(own.secret, body, 'hex') },
      });
    expect([(await post('{"a":1}')).status, (await post('{"a":2}')).status, (await post('{"a":1}')).status]).toEqual([
      202, 202, 200,
    ]);
  });

  it('of Slack that only checks the address gets its challenge back and starts nothing, signed alone', async () => {
    const secret = 'slack signing secret';
    const document = flowOf([], []);
    document.steps = [{ id: 'hook', kind: 'trigger', connector: 'slack', trigger: 'event.received', config: {} }];
    const { endpoint, flow } = await seedFlow(house, { document, scheme: 'slack', secret });
    const time = Math.floor(new Clock().now() / 1000);
    const ask = (body: object, key = secret) => {
      const text = JSON.stringify(body);
      const headers = {
        'content-type': 'application/json',
        'x-slack-request-timestamp': String(time),
        'x-slack-signature': `v0=${hmac(key, `v0:${time}:${text}`, 'hex')}`,
      };
      return sendRaw(`${house.url}/hooks/${endpoint}`, { method: 'POST', body: text, headers });
    };
    const challenge = {
      token: 'old',
      type: 'url_verification',
      challenge: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7',
    };
    expect(await ask(challenge)).toMatchObject({ status: 200, body: { challenge: challenge.challenge } });
    expect(await ask(challenge, 'another')).toMatchObject({ status: 401, body: problem('webhook.wrong_signature') });
    // More than any sender asks is not sent back.
    expect((await ask({ ...challenge, challenge: 'x'.repeat(1001) })).body).toMatchObject({ runId: null });
    expect((await ask({ type: 'event_callback', event_id: 'Ev1', event: { type: 'app_mention' } })).status).toBe(202);
    expect((await events(endpoint)).map(({ status, reason_code }) => [status, reason_code])).toEqual([
      ['ignored', 'webhook.handshake'],
      ['refused', 'webhook.wrong_signature'],
      ['ignored', null],
      ['accepted', null],
    ]);
    const { rows } = await house.pool.query('select count(*)::int as n from run where flow_id = $1', [flow]);
    expect(rows[0].n).toBe(1);
  });

  it('of an event that its flow did not choose is acknowledged, told of by name, and starts nothing', async () => {
    const secret = 'github-secret';
    const document = flowOf([], []);
    const config = { events: ['issues', 'push'] };
    document.steps = [{ id: 'hook', kind: 'trigger', connector: 'github', trigger: 'event.received', config }];
    const { endpoint } = await seedFlow(house, { document, scheme: 'github', secret, config });
    const tell = async (event: string | null, id: string, body: object = { action: 'opened' }) => {
      const text = JSON.stringify(body);
      const headers = {
        'content-type': 'application/json',
        'x-github-delivery': id,
        ...(event !== null && { 'x-github-event': event }),
        'x-hub-signature-256': `sha256=${hmac(secret, text, 'hex')}`,
      };
      return (await sendRaw(`${house.url}/hooks/${endpoint}`, { method: 'POST', body: text, headers })).status;
    };
    expect(await tell('issues', 'd1')).toBe(202);
    expect(await tell('star', 'd2')).toBe(200);
    expect(await tell(null, 'd3')).toBe(200);
    expect(await tell('issues', 'd4', { zen: 'Keep it simple.', hook_id: 7 })).toBe(200);
    const of = (checks: { check: string; detail: string | null }[]) =>
      checks.find(({ check }) => check === 'event')?.detail;
    expect(
      (await events(endpoint)).map(({ status, reason_code, checks }) => [status, reason_code, of(checks)]),
    ).toEqual([
      ['accepted', null, 'issues'],
      ['ignored', 'event.not_chosen', 'star'],
      ['ignored', 'event.not_chosen', null],
      ['ignored', null, undefined],
    ]);
  });

  it('that its trigger has no use for is acknowledged and starts nothing', async () => {
    const secret = 'whsec_stripe';
    const document = flowOf([], []);
    document.steps = [{ id: 'hook', kind: 'trigger', connector: 'stripe', trigger: 'payment-received', config: {} }];
    const { endpoint } = await seedFlow(house, { document, scheme: 'stripe', secret });
    const time = Math.floor(new Clock().now() / 1000);
    const body = JSON.stringify({ id: 'evt_x', type: 'invoice.created', data: { object: { id: 'in_1' } } });
    const headers = {
      'content-type': 'application/json',
      'stripe-signature': `t=${time},v1=${hmac(secret, `${time}.${body}`, 'hex')}`,
    };
    const sent = await sendRaw(`${house.url}/hooks/${endpoint}`, { method: 'POST', body, headers });
    expect(sent).toMatchObject({ status: 200, body: { runId: null } });
    expect((await events(endpoint)).map(({ status }) => status)).toEqual(['ignored']);
  });
});

describe('F9 refusals', () => {
  const json = { 'content-type': 'application/json' };
  const post = (init: RequestInit, endpoint = to.endpoint) =>
    sendRaw(`${house.url}/hooks/${endpoint}`, { method: 'POST', body: '{}', ...init });

  it.each([
    ['unsigned', () => post({ headers: json }), 401, 'webhook.unsigned'],
    [
      'signed by another',
      () => send({ ...to, secret: `whsec_${Buffer.alloc(24, 1).toString('base64')}` }, {}),
      401,
      'webhook.wrong_signature',
    ],
    ['stale', () => send(to, {}, { at: new Date(new Clock().now() - 301_000) }), 401, 'webhook.stale'],
    ['from the future', () => send(to, {}, { at: new Date(new Clock().now() + 302_000) }), 401, 'webhook.stale'],
    ['too large', () => send(to, 'x'.repeat(1024 * 1024)), 413, 'request.too_large'],
    [
      'a form',
      () => send(to, {}, { headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
      415,
      'request.wrong_type',
    ],
    ['without a type', () => post({ headers: {}, body: Buffer.from('{}') }), 415, 'request.wrong_type'],
    ['packed', () => send(to, {}, { headers: { 'content-encoding': 'gzip' } }), 415, 'request.encoded'],
    ['a GET', () => sendRaw(`${house.url}/hooks/${to.endpoint}`, {}), 405, 'request.wrong_method'],
  ])('%s: no run, one row in the inbox, one line in the log', async (_name, act, status, code) => {
    const sent = await act();
    expect([sent.status, sent.body]).toEqual([status, problem(code)]);
    expect(await runCount()).toBe(0);
    const stored = await events();
    expect(stored.map((event) => [event.status, event.reason_code, event.run_id])).toEqual([['refused', code, null]]);
    const { rows } = await house.pool.query(
      `select action, body::jsonb -> 'requestId' as request from audit_entry where subject = $1`,
      [stored[0].id],
    );
    expect(rows).toEqual([{ action: 'event.refused', request: expect.stringMatching(/^req_/) }]);
  });

  it('what is signed but no JSON', async () => {
    const own = await deploy({ scheme: 'hmac', secret: 'own secret of ours', config: { header: 'X-Sig' } });
    const signature = hmac(own.secret, '{', 'hex');
    expect((await post({ headers: { ...json, 'x-sig': signature }, body: '{' }, own.endpoint)).body).toEqual(
      problem('request.not_json'),
    );
  });

  it('what is signed but nested deeper than anybody needs, and keeps it in the inbox', async () => {
    const own = await deploy({ scheme: 'hmac', secret: 'own secret of ours', config: { header: 'X-Sig' } });
    const sendNested = async (levels: number) => {
      const body = '['.repeat(levels) + ']'.repeat(levels);
      return await post({ headers: { ...json, 'x-sig': hmac(own.secret, body, 'hex') }, body }, own.endpoint);
    };
    expect(await sendNested(50_000)).toMatchObject({ status: 400, body: problem('request.not_json') });
    expect(await sendNested(201)).toMatchObject({ status: 400, body: problem('request.not_json') });
    expect((await events(own.endpoint)).map((event) => [event.status, event.reason_code])).toEqual([
      ['refused', 'request.not_json'],
      ['refused', 'request.not_json'],
    ]);
    expect((await sendNested(200)).status).toBe(202);
  });

  it('everything once the secret’s row is gone or empty', async () => {
    await house.pool.query('delete from endpoint_secret where endpoint_id = $1', [to.endpoint]);
    await seedSecret(house, { endpoint: to.endpoint, version: 2, secret: 'whsec_' });
    const time = Math.floor(new Clock().now() / 1000);
    const empty = hmac('', `msg_1.${time}.{}`, 'base64');
    expect((await send(to, {})).body).toEqual(problem('webhook.no_secret'));
    expect(
      (
        await post({
          headers: {
            ...json,
            'webhook-id': 'msg_1',
            'webhook-timestamp': String(time),
            'webhook-signature': `v1,${empty}`,
          },
        })
      ).status,
    ).toBe(401);
  });

  it('an endpoint whose flow is not deployed', async () => {
    await house.pool.query(`update deployment set status = 'replaced' where id = $1`, [to.deployment]);
    const sent = await send(to, {});
    expect([sent.status, sent.headers.get('retry-after'), sent.body]).toEqual([503, '60', problem('deployment.none')]);
  });

  it('F10 every spelling of a path but the endpoint’s own', async () => {
    const { endpoint } = to;
    const paths = [
      `/hooks/${endpoint}/`,
      `/hooks/${endpoint}/x`,
      `/hooks//${endpoint}`,
      `/hooks/${endpoint};a=b`,
      `/hooks/${endpoint}%00`,
      `/hooks/x/..%2f${endpoint}`,
      `/hooks/${endpoint.toUpperCase()}`,
      `/hooks/${endpoint.slice(0, -1)}`,
      '/hooks/end_',
      '/hooks/__proto__',
      `/HOOKS/${endpoint}`,
      `/x/hooks/${endpoint}`,
    ];
    const statuses = await Promise.all(paths.map((path) => rawPost(house.url, path)));
    expect(statuses).toEqual(paths.map(() => 404));
    expect([await runCount(), (await events()).length]).toEqual([0, 0]);
    const { rows } = await house.pool.query(
      `select count(*)::int as n from audit_entry where action = 'request.refused'`,
    );
    expect(rows[0].n).toBeGreaterThanOrEqual(10);
  });

  it('a flood: 429 with Retry-After, and only the first of it fills the disk', async () => {
    const flooded = await openHouse({
      cell: house.cell,
      allowPrivateHosts: [],
      door: { rate: { burst: 3, perSecond: 0.01 }, refusalRate: { burst: 5, perSecond: 0.01 } },
    });
    const taken = await Promise.all(Array.from({ length: 6 }, () => send({ ...to, url: flooded.url }, {})));
    expect(taken.map(({ status }) => status).toSorted((one, two) => one - two)).toEqual([202, 202, 202, 429, 429, 429]);
    expect(Number(taken.find(({ status }) => status === 429)?.headers.get('retry-after'))).toBeGreaterThan(10);
    await flooded.close();
    const refusals = await Promise.all(Array.from({ length: 200 }, () => post({ headers: json })));
    expect(new Set(refusals.map(({ status }) => status))).toEqual(new Set([401]));
    expect((await events()).filter(({ status }) => status === 'refused').length).toBeLessThan(80);
  });
});

it('answers 503 while nothing can be stored, and nothing was acknowledged', async () => {
  const admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
  await admin.query('revoke insert on sluice.audit_entry from sluice_app');
  const sent = await send(to, {}, { id: 'msg_later' });
  await admin.query('grant insert on sluice.audit_entry to sluice_app');
  await admin.end();
  expect([sent.status, sent.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await runCount()).toBe(0);
  const later = await waitFor(async () => {
    const again = await send(to, {}, { id: 'msg_later' });
    return again.status === 503 ? undefined : again;
  });
  expect(later.status).toBe(202);
});

it('answers 507 while the workspace behind it has no storage left, before it takes or stores anything', async () => {
  house.usage.setFull(new Set(['wsp_1']));
  const sent = await send(to, {}, { id: 'msg_full' });
  house.usage.setFull(new Set());

  expect(sent).toMatchObject({ status: 507, body: problem('storage.full') });
  expect([await runCount(), await events()]).toEqual([0, []]);
  expect((await send(to, {}, { id: 'msg_full' })).status).toBe(202);
});

function hmac(secret: string, text: string, encoding: 'hex' | 'base64'): string {
  return createHmac('sha256', createSecretKey(Buffer.from(secret)))
    .update(text)
    .digest(encoding);
}

/** As written: no client tidies the path. */
function rawPost(url: string, path: string): Promise<number> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () =>
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`,
      ),
    );
    let text = '';
    socket
      .on('data', (chunk) => (text += chunk))
      .on('end', () => resolve(Number(text.slice(9, 12))))
      .on('error', reject);
  });
}

describe('a kill switch', () => {
  const stop = async (kind: string, target: string) => {
    await house.pool.query(
      `insert into kill_switch (id, workspace_id, kind, target, reason, set_by, set_by_name) values ('kil_1', 'wsp_1', $1, $2, 'breach', 'mbr_1', 'Ada')`,
      [kind, target],
    );
    await house.changes.notify(house.pool, 'kill-switches', 'kil_1');
  };
  const release = async () => {
    await house.pool.query(`delete from kill_switch`);
    await house.changes.notify(house.pool, 'kill-switches', 'kil_1');
  };

  it.each(['flow', 'environment'])(
    'on the %s keeps deliveries out: 503 for the sender, the reason in the inbox',
    async (kind) => {
      expect((await send(to, { n: 1 })).status).toBe(202);
      await stop(kind, kind === 'flow' ? to.flow : 'dev');
      try {
        const refused = await waitFor(async () => {
          const sent = await send(to, { n: 2 });
          return sent.status === 503 ? sent : undefined;
        });
        expect(refused.body).toEqual(problem('delivery.stopped'));
        expect(refused.headers.get('retry-after')).toBe('60');
        expect(JSON.stringify(refused.body)).not.toMatch(/breach|Ada/);
        const { rows } = await house.pool.query(
          `select status, reason_code, reason_message, run_id from trigger_event where endpoint_id = $1 order by id desc limit 1`,
          [to.endpoint],
        );
        expect(rows).toEqual([
          {
            status: 'refused',
            reason_code: 'delivery.stopped',
            reason_message: expect.stringMatching(/^Ada stopped this .*“breach”/),
            run_id: null,
          },
        ]);
      } finally {
        await release();
      }
      await waitFor(async () => ((await send(to, { n: 3 })).status === 202 ? true : undefined));
    },
  );
});
