import { createHmac, createSecretKey } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenApi, openApi } from '../../../test/access/open-api.js';
import { call } from '../../../test/flow-house.js';
import { outsider } from '../../../test/outsider.js';
import { flowOf, seedConnection, seedFlow, type SeededFlow, seedWorkspace } from '../../../test/seed.js';
import { send, sendRaw } from '../../../test/send.js';
import { openSink, type Sink } from '../../../test/sink.js';
import { waitFor } from '../../../test/wait-for.js';
import { newId } from '../../platform/ids.js';
import { DiskBlobs } from '../../platform/blobs/disk.js';

const ann = 'ann@example.com';
const day = 86_400_000;
const range = {
  environment: 'dev',
  from: new Date(Date.now() - day).toISOString(),
  to: new Date(Date.now() + day).toISOString(),
  reason: 'Ticket 4711',
};

describe('a person’s data', () => {
  let api: OpenApi;
  let sink: Sink;
  let folder: string;
  let cookie: string;
  let connection: string;
  const ids = { paid: '', failed: '', other: '', waits: '', file: '' };
  let before: { export: string; key: string };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-erasures-'));
    sink = await openSink();
    sink.answer = ({ body }) => ({ status: JSON.stringify(body).includes('fails') ? 400 : 200 });
    api = await openApi({ carries: true, allowPrivateHosts: [sink.host], blobs: new DiskBlobs(folder) });
    const { pool } = api.house;
    await seedWorkspace(pool);
    await pool.query("update member set totp_enrolled_at = now() where id = 'mbr_1'");
    cookie = await api.signIn('mbr_1');
    connection = await seedConnection(pool, { host: sink.host, keyed: true });
    const pay = await deploy(
      [
        {
          id: 'seen',
          kind: 'state',
          operation: 'remember',
          key: '{{ trigger.body.order }}',
          value: { $: 'trigger.body.email' },
        },
        call('pay', sink.host, { to: { $: 'trigger.body.email' }, how: { $: 'trigger.body.how' } }),
      ],
      ['hook>seen', 'seen>pay'],
      { key: '{{ trigger.body.order }}' },
    );
    const asks = await deploy(
      [{ id: 'ask', kind: 'approval', question: 'Refund {{ trigger.body.email }}?' }],
      ['hook>ask'],
    );
    const files = await deploy([call('note', sink.host, {})], ['hook>note'], {}, { contentTypes: ['image/png'] });
    ids.paid = await start(pay, { email: 'Ann@Example.com', order: 'A-1', how: 'works' });
    ids.failed = await start(pay, { email: ann, order: 'A-2', how: 'fails' });
    ids.other = await start(pay, { email: 'joann@example.com', order: 'B-1', how: 'works' });
    ids.waits = await start(asks, { email: ann });
    ids.file = await upload(files, Buffer.from(`a scan that says ${ann} somewhere`));
    for (const [id, status] of [
      [ids.paid, 'succeeded'],
      [ids.failed, 'failed'],
      [ids.other, 'succeeded'],
      [ids.waits, 'waiting'],
      [ids.file, 'succeeded'],
    ] as const)
      await reached(id, status);
    // Nothing is signed in the first moments, and an outsider has no key to check by.
    const key = await waitFor(async () => (await read('/audit/checkpoint')).key);
    before = { export: await exported(), key };
  });
  afterAll(async () => {
    await api.close();
    await sink.close();
    await rm(folder, { recursive: true });
  });

  async function deploy(steps: object[], edges: string[], hook: object = {}, config: object = {}): Promise<SeededFlow> {
    const document = flowOf(steps, edges);
    document.steps = document.steps.map((step) => (step.kind === 'trigger' ? { ...step, ...hook } : step));
    const seeded = await seedFlow(api.house, { document, bindings: { api: connection }, config });
    await api.owner.query('update flow_version set manifest = $2 where flow_id = $1', [
      seeded.flow,
      { slots: { api: { connector: 'http', actions: [] } }, hosts: [], scopes: [], sends: [] },
    ]);
    return seeded;
  }
  async function start(to: SeededFlow, body: object): Promise<string> {
    const sent = await send({ url: api.house.url, ...to }, body);
    return JSON.parse(JSON.stringify(sent.body)).runId;
  }
  async function upload(to: SeededFlow, body: Buffer): Promise<string> {
    const [id, at] = [newId('event'), String(Math.floor(Date.now() / 1000))];
    const key = createSecretKey(Buffer.from(to.secret.slice('whsec_'.length), 'base64'));
    const signature = createHmac('sha256', key).update(`${id}.${at}.`).update(body).digest('base64');
    const sent = await sendRaw(`${api.house.url}/hooks/${to.endpoint}`, {
      method: 'POST',
      headers: {
        'content-type': 'image/png',
        'webhook-id': id,
        'webhook-timestamp': at,
        'webhook-signature': `v1,${signature}`,
      },
      body: new Uint8Array(body),
    });
    return JSON.parse(JSON.stringify(sent.body)).runId;
  }
  const ask = async (method: string, path: string, body?: object) =>
    await api.ask({ method, path, ...(body && { body }), headers: { cookie } });
  const read = async (path: string) => JSON.parse((await ask('GET', path)).text);
  const reached = async (run: string, status: string) =>
    await waitFor(async () => {
      const { rows } = await api.house.pool.query('select from run where id = $1 and status = $2', [run, status]);
      return rows[0];
    });
  const exported = async () => (await ask('GET', '/audit/export')).text;
  const ended = async (id: string, status: string) =>
    await waitFor(async () => {
      const erasure = await read(`/erasures/${id}`);
      return erasure.status === status ? erasure : undefined;
    });
  async function search(
    value: string,
  ): Promise<{ id: string; found: { id: string; kind: string; places: string[] }[] }> {
    const { status, text } = await ask('POST', '/erasures', { ...range, value });
    expect(status).toBe(201);
    const { id } = JSON.parse(text);
    await ended(id, 'found');
    return { id, found: (await read(`/erasures/${id}/findings`)).items };
  }
  const placesOf = (found: { id: string; places: string[] }[], id: string) =>
    found.find((one) => one.id === id)?.places.toSorted();

  it('is found where it stands, whoever’s name is like it left out, and nothing is told of it', async () => {
    const { id, found } = await search(ann);
    expect(found.map(({ id: of }) => of)).not.toContain(ids.other);
    expect(placesOf(found, ids.paid)).toEqual(['event', 'step pay', 'step seen']);
    expect(placesOf(found, ids.failed)).toEqual(['event', 'step pay', 'step seen']);
    expect(placesOf(found, ids.waits)).toEqual(['event', 'question']);
    expect(placesOf(found, ids.file)).toEqual(['file']);
    expect(found.filter(({ kind }) => kind === 'state')).toHaveLength(2);
    expect(await read(`/erasures/${id}`)).toMatchObject({ total: 5, looked: 5, found: 6, erased: 0 });
    const byOrder = await search('A-2');
    expect(placesOf(byOrder.found, ids.failed)).toContain('business key');

    const { rows } = await api.owner.query(
      'select e::text as line from erasure e union all select f::text from erasure_finding f',
    );
    expect(rows.map(({ line }) => line).join()).not.toContain(ann);
    const { rows: entries } = await api.owner.query(
      "select body from audit_entry where action like 'erasure.%' order by at, id",
    );
    expect(entries.map(({ body }) => JSON.parse(body).action)).toEqual([
      'erasure.search_started',
      'erasure.ended',
      'erasure.search_started',
      'erasure.ended',
    ]);
    expect(entries.map(({ body }) => body).join()).not.toMatch(/ann@|A-2/i);
  });

  it('is erased for good, but for what goes on; steps and times stay, and every proof holds', async () => {
    const { id, found } = await search(ann);
    const wrong = await ask('POST', `/erasures/${id}/erase`, { found: found.length + 1, reason: 'Agreed' });
    expect(wrong).toMatchObject({ status: 409, code: 'erasure.changed' });
    expect((await ask('POST', `/erasures/${id}/erase`, { found: found.length, reason: 'Agreed' })).status).toBe(200);
    expect(await ended(id, 'done')).toMatchObject({ found: 6, erased: 5, open: 1 });

    for (const run of [ids.paid, ids.failed, ids.file]) {
      const told = await read(`/runs/${run}`);
      expect(told.erasedAt).toEqual(expect.any(String));
      expect(
        told.steps.map(({ status, startedAt }: Record<string, unknown>) => [status, typeof startedAt]),
      ).not.toContainEqual(['succeeded', 'object']);
      expect(JSON.stringify(told.steps)).not.toMatch(/"(input|output)":/);
    }
    const { rows } = await api.owner.query(
      `select (select count(*)::int from payload where run_id = any($1)) as payloads, (select count(*)::int from flow_state) as states,
              (select count(*)::int from flow_state_write where run_id = any($1)) as results,
              (select count(*)::int from run where id = any($1) and (payload_key <> '' or key is not null)) as keys`,
      [[ids.paid, ids.failed, ids.file]],
    );
    // The state of the other person's order is left.
    expect(rows[0]).toEqual({ payloads: 0, states: 1, results: 0, keys: 0 });
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((one) => one.isFile());
    expect(files).toHaveLength(0);
    expect((await read(`/runs/${ids.other}`)).steps[0].output).toBeDefined();

    for (const how of ['from=start', 'from=failed'])
      expect(await ask('GET', `/runs/${ids.failed}/retry?${how}`)).toMatchObject({ status: 409, code: 'run.erased' });
    const retried = await ask('POST', `/runs/${ids.failed}/retry`, { from: 'start' });
    expect(retried).toMatchObject({ status: 409, code: 'run.erased' });
    const { items } = await read('/inbox');
    const event = items.find(({ run }: { run: string }) => run === ids.paid);
    expect(event).toMatchObject({ replayable: false, messageId: null, address: null, erasedAt: expect.any(String) });
    expect(await ask('POST', `/inbox/${event.id}/replay`)).toMatchObject({ status: 409, code: 'event.erased' });

    const eve = await outsider();
    await eve.verified(before.export, ['--key', before.key]);
    await eve.verified(await exported(), ['--key', before.key]);
    const shared = JSON.parse((await ask('POST', `/runs/${ids.paid}/share`)).text);
    await eve.verified(shared.content, ['--key', before.key]);
    const entry = (await read(`/audit?run=${ids.paid}`)).items.find(
      ({ action }: { action: string }) => action === 'run.erased',
    );
    expect(entry).toMatchObject({ flow: { name: 'Flow' } });
    const proof = await read(`/audit/entries/${entry.id}/proof`);
    await eve.verified(proof.file.content, ['--key', before.key]);
  });

  it('of a run that went on is erased once it has ended and somebody asks again', async () => {
    const { items } = await read('/erasures');
    const { id } = items.find(({ open }: { open: number }) => open > 0);
    expect((await ask('POST', `/runs/${ids.waits}/cancel`)).status).toBe(200);
    await reached(ids.waits, 'cancelled');
    expect((await ask('POST', `/erasures/${id}/erase`, { found: 6, reason: 'The rest' })).status).toBe(200);
    await waitFor(async () => ((await read(`/erasures/${id}`)).erased === 6 ? true : undefined));
    const { rows } = await api.owner.query('select from ask where run_id = $1', [ids.waits]);
    expect(rows).toHaveLength(0);
    expect((await search(ann)).found).toEqual([]);
  });

  it('is looked for no more once it is cancelled, and what was looked for is forgotten', async () => {
    const { id } = JSON.parse((await ask('POST', '/erasures', { ...range, value: 'joann@example.com' })).text);
    expect((await ask('POST', `/erasures/${id}/cancel`)).status).toBe(200);
    expect(await read(`/erasures/${id}`)).toMatchObject({ status: 'cancelled' });
    const { rows } = await api.owner.query('select value_sealed from erasure where value_sealed is not null');
    expect(rows).toEqual([]);
    expect(await ask('POST', `/erasures/${id}/erase`, { found: 1, reason: 'x' })).toMatchObject({ status: 409 });
  });

  it('needs a value that says something, and an environment that is there', async () => {
    expect((await ask('POST', '/erasures', { ...range, value: 'a' })).status).toBe(400);
    expect((await ask('POST', '/erasures', { ...range, value: ann, environment: 'none' })).status).toBe(404);
    expect((await ask('POST', '/erasures', { ...range, value: ann, to: range.from })).status).toBe(400);
  });
});
