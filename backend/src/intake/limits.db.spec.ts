import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Deployed, type FlowHouse, openFlowHouse } from '../../test/flow-house.js';
import { flowOf, seedFlow } from '../../test/seed.js';
import { send, sendRaw } from '../../test/send.js';
import { DiskBlobs } from '../platform/blobs/disk.js';
import { Clock } from '../platform/clock.js';

let flows: FlowHouse;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-limits-'));
  flows = await openFlowHouse({ blobs: new DiskBlobs(folder), door: { patience: { value: 300, file: 300 } } });
});
afterAll(async () => {
  await flows.close();
  await rm(folder, { recursive: true, force: true });
});

async function deploy(config: object): Promise<Deployed> {
  const step = { id: 'keep', kind: 'transform', input: { all: { $: 'trigger.body' } } };
  return await flows.deploy([step], ['hook>keep'], { config });
}

/** What the inbox and the log hold of an endpoint's refusals. */
async function refused({ endpoint }: Deployed) {
  const { rows } = await flows.house.pool.query(
    `select e.reason_code as code, e.checks -> -1 ->> 'check' as check, e.run_id as run, count(a.id)::int as entries
     from trigger_event e left join audit_entry a on a.subject = e.id and a.action = 'event.refused'
     where e.endpoint_id = $1 and e.status = 'refused' group by e.id, e.reason_code, e.checks, e.run_id, e.received_at order by e.received_at`,
    [endpoint],
  );
  return rows;
}

function uploadOf(to: Deployed, bytes: number) {
  const text = 'x'.repeat(bytes);
  const [id, at] = [`msg_${bytes}`, new Date()];
  const headers = {
    'content-type': 'application/pdf',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(to.secret).sign(id, at, text),
  };
  return sendRaw(`${to.url}/hooks/${to.endpoint}`, { method: 'POST', headers, body: Buffer.from(text) });
}

describe('an endpoint that takes deliveries from some addresses only', () => {
  it.each([
    ['198.51.100.9', 202],
    ['198.51.101.9', 403],
    ['2001:db8:1::7', 202],
    ['2001:db8:2::7', 403],
    ['::ffff:198.51.100.9', 202],
    // What a sender says of itself counts for nothing: the last word is the proxy's.
    ['198.51.100.9, 192.0.2.1', 403],
    ['192.0.2.1, 198.51.100.9', 202],
  ])('answers what the proxy forwards from %s with %d', async (from, status) => {
    const to = await deploy({ addresses: ['198.51.100.0/24', '2001:db8:1::/48'] });
    expect((await send(to, { n: 1 }, { headers: { 'x-forwarded-for': from } })).status).toBe(status);
  });

  it('says the same to anybody else, whatever is wrong besides, and keeps each in the inbox and the log', async () => {
    const to = await deploy({ addresses: ['198.51.100.0/24'] });
    const url = `${to.url}/hooks/${to.endpoint}`;
    const answers = [
      await send(to, { n: 1 }),
      await sendRaw(url, { method: 'GET' }),
      await sendRaw(url, { method: 'POST', body: 'x'.repeat(3_000_000), headers: { 'content-encoding': 'gzip' } }),
    ];
    for (const answer of answers)
      expect(answer).toMatchObject({
        status: 403,
        body: { code: 'sender.refused', message: 'This endpoint takes no delivery from this address.' },
      });
    const row = { code: 'sender.refused', check: 'address', run: null, entries: 1 };
    expect(await refused(to)).toEqual([row, row, row]);
  });

  it('takes nothing at all while its limits can’t be read', async () => {
    expect((await send(await deploy({ addresses: ['anywhere'] }), { n: 1 })).status).toBe(500);
  });
});

describe('an endpoint that takes less at once', () => {
  it('refuses a value above its own size, told or found', async () => {
    const to = await deploy({ mostBytes: 20 });
    expect((await send(to, { a: 'x'.repeat(12) })).status).toBe(202);
    expect(await send(to, { a: 'x'.repeat(13) })).toMatchObject({ status: 413, body: { code: 'request.too_large' } });
    const chunked = `POST /hooks/${to.endpoint} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n15\r\n${'x'.repeat(21)}\r\n`;
    expect(await speak(to, chunked)).toMatch(/^HTTP\/1.1 413 /);
    const row = { code: 'request.too_large', check: 'size', run: null, entries: 1 };
    expect(await refused(to)).toEqual([row, row]);
  });

  it('refuses a file above its own size, and the door’s own limit stays', async () => {
    const contentTypes = ['application/pdf'];
    const to = await deploy({ contentTypes, mostBytes: 1000 });
    expect((await uploadOf(to, 1000)).status).toBe(202);
    expect(await uploadOf(to, 1001)).toMatchObject({ status: 413, body: { code: 'request.file_too_large' } });
    const generous = await deploy({ mostBytes: 1024 ** 3 });
    expect((await send(generous, 'x'.repeat(1024 * 1024))).status).toBe(413);
  });
});

describe('an endpoint that takes fewer a minute', () => {
  it('tells the sender of any more when to try again, and its neighbour nothing', async () => {
    const to = await deploy({ perMinute: 2 });
    const sent = await Promise.all([1, 2, 3].map((n) => send(to, { n })));
    expect(sent.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([202, 202, 429]);
    const late = sent.find(({ status }) => status === 429);
    const wait = Number(late?.headers.get('retry-after'));
    expect([wait > 20, wait <= 30, late?.body]).toEqual([
      true,
      true,
      expect.objectContaining({ code: 'request.too_many' }),
    ]);
    expect((await send(await deploy({ perMinute: 2 }), { n: 1 })).status).toBe(202);
    expect((await refused(to)).map(({ code, entries }) => [code, entries])).toEqual([['request.too_many', 1]]);
  });

  it('gives no place to what is not signed, so that no stranger keeps the sender out', async () => {
    const to = await deploy({ perMinute: 1 });
    const unsigned = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } };
    for (const _ of [1, 2, 3]) expect((await sendRaw(`${to.url}/hooks/${to.endpoint}`, unsigned)).status).toBe(401);
    expect((await send(to, { n: 1 })).status).toBe(202);
    expect((await send(to, { n: 2 })).status).toBe(429);
  });

  it('keeps no file of what came too soon', async () => {
    const to = await deploy({ contentTypes: ['application/pdf'], perMinute: 1 });
    const before = await filesIn(folder);
    const sent = await Promise.all([uploadOf(to, 500), uploadOf(to, 501), uploadOf(to, 502)]);
    expect(sent.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([202, 429, 429]);
    expect((await filesIn(folder)) - before).toBe(1);
  });
});

describe('a sender that is too slow', () => {
  it.each(['application/json', 'application/pdf'])(
    'of %s is cut off with 408, starts nothing and stands in the inbox and the log',
    async (type) => {
      const to = await deploy({ contentTypes: ['application/json', 'application/pdf'] });
      const [id, at] = ['msg_slow', new Date()];
      const head = [
        `POST /hooks/${to.endpoint} HTTP/1.1`,
        'Host: x',
        `Content-Type: ${type}`,
        'Content-Length: 1000',
        `webhook-id: ${id}`,
        `webhook-timestamp: ${Math.floor(at.getTime() / 1000)}`,
        `webhook-signature: ${new Webhook(to.secret).sign(id, at, 'x')}`,
      ];
      const answer = await speak(to, `${head.join('\r\n')}\r\n\r\n{"a":`);
      expect(answer).toMatch(/^HTTP\/1.1 408 [^]*connection: close[^]*"code":"request.too_slow"/i);
      expect(await refused(to)).toEqual([{ code: 'request.too_slow', check: 'size', run: null, entries: 1 }]);
    },
  );
});

describe('an endpoint whose sender signs nothing', () => {
  it('is open where deployments are approved only by a waiver, and no longer than that lasts', async () => {
    const { house } = flows;
    const config = { contentTypes: ['application/json', 'application/pdf'] };
    const to = await seedFlow(house, { document: flowOf([], []), scheme: 'none', config });
    const give = async (policy: object) => {
      await house.pool.query(`update environment set policy = policy || $1 where name = 'dev'`, [policy]);
      house.changes.publish('environments', []);
    };
    const sent = async () => {
      const post = (type: string) =>
        sendRaw(`${house.url}/hooks/${to.endpoint}`, { method: 'POST', body: '{}', headers: { 'content-type': type } });
      return [await post('application/json'), await post('application/pdf')].map(({ status, body }) => [
        status,
        typeof body === 'object' && body !== null && 'code' in body ? body.code : null,
      ]);
    };
    const [refusal, taken] = [
      [401, 'webhook.unsigned_refused'],
      [202, null],
    ];
    expect(await sent()).toEqual([taken, taken]);
    await give({ approval: true });
    expect(await sent()).toEqual([refusal, refusal]);
    const now = new Clock().now();
    await give({ webhooks: { unsignedUntil: new Date(now + 3_600_000).toISOString() } });
    expect(await sent()).toEqual([taken, taken]);
    await give({ webhooks: { unsignedUntil: new Date(now - 1).toISOString() } });
    expect(await sent()).toEqual([refusal, refusal]);
    expect((await refused({ ...to, url: house.url })).map(({ check, entries }) => [check, entries])).toEqual(
      Array.from({ length: 4 }, () => ['signature', 1]),
    );
    await give({ approval: false, webhooks: {} });
  });
});

/** Says so much and no more, and answers what comes back before the other side hangs up. */
function speak({ url }: Deployed, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket
      .on('data', (chunk) => (answer += chunk.toString()))
      .on('close', () => resolve(answer))
      .on('error', (error) => (answer === '' ? reject(error) : resolve(answer)));
  });
}

async function filesIn(path: string): Promise<number> {
  const found = await readdir(path, { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).length;
}
