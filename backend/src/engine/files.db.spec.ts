import { createHash, createHmac, createSecretKey } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FileService, openFileService } from '../../test/file-service.js';
import { ada, type Deployed, type FlowHouse, openFlowHouse } from '../../test/flow-house.js';
import { flowOf, seedConnection, seedFlow } from '../../test/seed.js';
import { send, sendRaw } from '../../test/send.js';
import { DiskBlobs } from '../platform/blobs/disk.js';
import { newId } from '../platform/ids.js';

const mib = 1024 ** 2;
/** Noise, so that nothing is found in it by chance and nothing is compressed. */
const photo = Buffer.concat(
  Array.from({ length: (3 * mib) / 32 }, (_, n) => createHash('sha256').update(String(n)).digest()),
);
const canary = 'canary-in-a-file-7d1f';

let folder: string;
let flows: FlowHouse;
let service: FileService;
let mails: SMTPServer;
let mailHost: string;
const delivered: Buffer[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-files-'));
  service = await openFileService();
  mails = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        delivered.push(Buffer.concat(chunks));
        done();
      });
    },
  });
  await new Promise<void>((resolve) => mails.listen(0, '127.0.0.1', resolve));
  const address = mails.server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  mailHost = `127.0.0.1:${address.port}`;
  flows = await openFlowHouse({ blobs: new DiskBlobs(folder), allowPrivateHosts: [service.host, mailHost] });
});
afterAll(async () => {
  await flows.close();
  await service.close();
  await new Promise<void>((resolve) => mails.close(() => resolve()));
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  service.uploads.length = 0;
  service.serve.set('/photos/holiday.png', (res) => {
    res.writeHead(200, { 'content-type': 'image/png', 'content-length': photo.length }).end(photo);
  });
});

const get = (path: string, more: object = {}) => action('get', { url: `http://${service.host}${path}`, ...more });
const put = (id: string, body: unknown, more: object = {}) =>
  action(id, { method: 'PUT', url: `http://${service.host}/${id}`, body, ...more });
function action(id: string, input: object): object {
  return { id, kind: 'action', slot: 'api', action: 'request', input };
}
const answer = (body: unknown) => ({ id: 'answer', kind: 'respond', body });
const theBody = { $: 'steps.get.body' };

async function deploy(steps: object[], edges: string[], config: object = {}): Promise<Deployed> {
  const to = await flows.deploy(steps, edges, { config: { respond: 'result', ...config } });
  const connection = await seedConnection(flows.house.pool, { host: service.host, keyed: true });
  await flows.house.pool.query(`update deployment set bindings = jsonb_build_object('api', $2::text) where id = $1`, [
    to.deployment,
    connection,
  ]);
  return to;
}

async function storedBytes(): Promise<Buffer> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  return Buffer.concat(await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name)))));
}

it('keeps a download as a file and sends its content on, as a body and in a form', async () => {
  const form = { title: 'Holiday', photo: theBody };
  const steps = [
    get('/photos/holiday.png'),
    put('raw', theBody),
    put('form', form, { headers: { 'content-type': 'multipart/form-data' } }),
    answer(theBody),
  ];
  const to = await deploy(steps, ['hook>get', 'get>raw', 'raw>form', 'form>answer']);
  const { status, body: handle } = await send(to, {});

  expect({ status, handle }).toEqual({
    status: 200,
    handle: {
      file: expect.stringMatching(/^fil_[0-9a-f]{52}$/),
      name: 'holiday.png',
      type: 'image/png',
      bytes: photo.length,
      sha256: createHash('sha256').update(photo).digest('hex'),
    },
  });
  const [raw, multipart] = service.uploads;
  expect(raw).toMatchObject({ path: '/raw', type: 'image/png', length: String(photo.length) });
  expect(raw?.body.equals(photo)).toBe(true);
  const sent = await new Response(new Uint8Array(multipart?.body ?? []), {
    headers: { 'content-type': multipart?.type ?? '' },
  }).formData();
  expect(sent.get('title')).toBe('Holiday');
  const file = sent.get('photo');
  if (!(file instanceof File)) throw new Error('the form has no file');
  expect([file.name, file.type]).toEqual(['holiday.png', 'image/png']);
  expect(Buffer.from(await file.arrayBuffer()).equals(photo)).toBe(true);
});

describe('a mail', () => {
  async function mailing(attachments: object[]) {
    const input = { to: 'ada@example.com', subject: 'Your photo', text: 'Here it is.', attachments };
    const steps = [get('/photos/holiday.png'), { id: 'mail', kind: 'action', slot: 'mail', action: 'send', input }];
    const document = flowOf(steps, ['hook>get', 'get>mail'], {
      slots: { api: { connector: 'http' }, mail: { connector: 'smtp' } },
    });
    const { pool } = flows.house;
    const [api, mail] = [await seedConnection(pool, { host: service.host, keyed: true }), newId('connection')];
    await pool.query(
      `insert into connection (id, workspace_id, environment, connector, name, auth_kind, config, hosts, owner_id)
       values ($1, 'wsp_1', 'dev', 'smtp', 'Mail', 'none', $2, $3, 'mbr_1')`,
      [
        mail,
        { host: '127.0.0.1', port: Number(mailHost.split(':')[1]), from: 'shop@example.org', tls: 'none' },
        [mailHost],
      ],
    );
    const seeded = await seedFlow(flows.house, { document, bindings: { api, mail } });
    return await flows.start({ url: flows.house.url, ...seeded }, {});
  }

  it('carries files of earlier steps, whole and under their names', async () => {
    await flows.reached(await mailing([theBody]));
    const { attachments, text } = await PostalMime.parse(delivered.at(-1) ?? '');
    expect(text?.trim()).toBe('Here it is.');
    expect(attachments.map(({ filename, mimeType }) => [filename, mimeType])).toEqual([['holiday.png', 'image/png']]);
    const { content } = attachments[0] ?? {};
    if (!(content instanceof ArrayBuffer)) throw new Error('no content');
    expect(Buffer.from(content).equals(photo)).toBe(true);
  });

  it('is not sent with a file of another run, nor with more than 10 MiB', async () => {
    const before = delivered.length;
    const strange = `fil_${'0'.repeat(52)}`;
    const handle = { file: strange, name: 'a.png', type: 'image/png', bytes: 1, sha256: '0'.repeat(64) };
    for (const [attachments, code] of [
      [[handle], 'file.unknown'],
      [[theBody, theBody, theBody, theBody], 'broker.bad_request'],
    ] as const) {
      const { error } = await flows.reached(await mailing([...attachments]), 'failed');
      expect(error?.code).toBe(code);
    }
    expect(delivered).toHaveLength(before);
  });
});

it('keeps short text and JSON as values, and longer ones as files, however they were packed', async () => {
  const long = JSON.stringify({ rows: Array.from({ length: 60_000 }, (_, n) => `row ${n} of many`) });
  const serve = (path: string, body: Buffer, headers: Record<string, string | number>) =>
    service.serve.set(
      path,
      (res) => void res.writeHead(200, { 'content-type': 'application/json', ...headers }).end(body),
    );
  serve('/short', gzipSync('{"a":1}'), { 'content-encoding': 'gzip' });
  serve('/long', gzipSync(long), { 'content-encoding': 'gzip' });
  const short = await send(await deploy([get('/short'), answer(theBody)], ['hook>get', 'get>answer']), {});
  const large = await send(await deploy([get('/long'), answer(theBody)], ['hook>get', 'get>answer']), {});
  const asked = await send(
    await deploy([get('/short', { answer: 'file' }), answer(theBody)], ['hook>get', 'get>answer']),
    {},
  );

  expect(short.body).toEqual({ a: 1 });
  expect(large.body).toMatchObject({ type: 'application/json', bytes: long.length });
  expect(asked.body).toMatchObject({ type: 'application/json', bytes: 7, name: 'short' });
});

it('stores no content in the clear', async () => {
  const text = Buffer.from(canary.repeat(1000));
  service.serve.set('/letter.pdf', (res) => void res.writeHead(200, { 'content-type': 'application/pdf' }).end(text));
  await send(await deploy([get('/letter.pdf'), answer(theBody)], ['hook>get', 'get>answer']), {});
  const stored = await storedBytes();
  expect(stored.length).toBeGreaterThan(text.length);
  expect(stored.includes(canary)).toBe(false);
});

it('refuses a file above the limit with one sentence, and keeps nothing of it', async () => {
  const before = (await storedBytes()).length;
  service.serve.set('/huge.bin', (res) => {
    res.writeHead(200, { 'content-type': 'application/octet-stream' });
    for (let n = 0; n < 17; n += 1) res.write(photo.subarray(0, mib));
    res.end();
  });
  const to = await deploy([get('/huge.bin'), answer(theBody)], ['hook>get', 'get>answer']);
  const { status, body } = await send(to, {});
  expect(status).toBe(500);
  const run = await flows.reached(String(JSON.parse(JSON.stringify(body)).runId), 'failed');
  expect(run.error?.message).toContain('more than 16 MiB');
  expect((await storedBytes()).length).toBe(before);
});

it('takes a handle for what it is, data: the file of another run is not sent', async () => {
  const { body: stolen } = await send(
    await deploy([get('/photos/holiday.png'), answer(theBody)], ['hook>get', 'get>answer']),
    {},
  );
  const thief = await deploy([put('raw', { $: 'trigger.body' }), answer({})], ['hook>raw', 'raw>answer']);
  const { body } = await send(thief, stolen);
  const run = await flows.reached(String(JSON.parse(JSON.stringify(body)).runId), 'failed');
  expect(run.error).toMatchObject({ code: 'file.unknown' });
  expect(service.uploads).toEqual([]);
});

it('lets a retry send the files of the run before', async () => {
  let isDown = true;
  const check = { method: 'GET', url: `http://${service.host}/check` };
  service.serve.set('/check', (res) => void res.writeHead(isDown ? 422 : 200).end());
  const steps = [get('/photos/holiday.png'), action('check', check), put('raw', theBody)];
  const to = await deploy(steps, ['hook>get', 'get>check', 'check>raw']);
  const { body } = await send(to, {});
  const run = await flows.reached(String(JSON.parse(JSON.stringify(body)).runId), 'failed');
  isDown = false;
  const { runId } = await flows.house.engine.retry({
    actor: ada,
    run: run.id,
    from: 'failed',
    version: 'same',
    repeat: [],
  });
  await flows.reached(runId);
  expect(service.uploads[0]?.body.equals(photo)).toBe(true);
});

describe('an upload', () => {
  const contentTypes = ['application/json', 'image/png'];
  const headers = { 'content-type': 'image/png', 'content-disposition': 'attachment; filename="../me.png"' };
  async function anUpload() {
    const to = await deploy(
      [put('raw', { $: 'trigger.body' }), answer({ $: 'trigger.body' })],
      ['hook>raw', 'raw>answer'],
      {
        contentTypes,
      },
    );
    const upload = async (
      body: Buffer,
      { id = newId('event'), signed = body }: { id?: string; signed?: Buffer } = {},
    ) => {
      const at = new Date();
      const said = { 'webhook-id': id, 'webhook-timestamp': String(Math.floor(at.getTime() / 1000)) };
      const content = `${id}.${said['webhook-timestamp']}.`;
      const key = createSecretKey(Buffer.from(to.secret.slice('whsec_'.length), 'base64'));
      const signature = `v1,${createHmac('sha256', key).update(content).update(signed).digest('base64')}`;
      const init = {
        method: 'POST',
        headers: { ...headers, ...said, 'webhook-signature': signature },
        body: new Uint8Array(body),
      };
      return await sendRaw(`${to.url}/hooks/${to.endpoint}`, init);
    };
    return upload;
  }

  it('is a file of the run that it begins, once for each message', async () => {
    const upload = await anUpload();
    const id = newId('event');
    const { status, body } = await upload(photo, { id });
    const before = (await storedBytes()).length;
    const again = await upload(photo, { id });

    expect({ status, body }).toMatchObject({
      status: 200,
      body: { name: 'me.png', type: 'image/png', bytes: photo.length, file: expect.stringMatching(/^fil_/) },
    });
    expect(again).toMatchObject({ status: 200, body: { runId: expect.any(String) } });
    expect(service.uploads.map((one) => one.body.equals(photo))).toEqual([true]);
    expect((await storedBytes()).length).toBe(before);
  });

  it('that is wrongly signed, or larger than a file may be, leaves nothing but its line in the inbox', async () => {
    const upload = await anUpload();
    const before = (await storedBytes()).length;
    const forged = await upload(photo, { signed: Buffer.from('something else') });
    const huge = await upload(Buffer.concat(Array.from({ length: 6 }, () => photo)));

    expect([forged.status, huge.status]).toEqual([401, 413]);
    expect((await storedBytes()).length).toBe(before);
    const { rows } = await flows.house.pool.query(
      `select reason_code as code from trigger_event where status = 'refused' order by received_at`,
    );
    expect(rows).toEqual([{ code: 'webhook.wrong_signature' }, { code: 'request.file_too_large' }]);
  });
});

it('counts the content as stored', async () => {
  const bytes = () => flows.house.usage.take().reduce((sum, one) => sum + one.bytes, 0);
  bytes();
  await send(await deploy([get('/photos/holiday.png'), answer(theBody)], ['hook>get', 'get>answer']), {});
  expect(bytes()).toBeGreaterThan(photo.length);
});
