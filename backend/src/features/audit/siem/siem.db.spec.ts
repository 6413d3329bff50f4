import { createServer as createHttps } from 'node:https';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createServer as createTls } from 'node:tls';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeCertificate } from '../../../../test/certificate.js';
import { type OpenJournal, openJournal } from '../../../../test/open-journal.js';
import { Log } from '../../../platform/log.js';
import { openSink, type SiemSink } from './siem-sink.js';
import { SiemService } from './siem.service.js';

const certificate = makeCertificate('siem.test');
let house: OpenJournal;
let folder: string;
const closers: (() => void)[] = [];

beforeEach(async () => {
  house = await openJournal();
  folder = await mkdtemp(join(tmpdir(), 'sluice-siem-'));
});
afterEach(async () => {
  for (const close of closers.splice(0)) close();
  await house.close();
  await rm(folder, { recursive: true });
});

function aSink(url: string, format: 'ocsf' | 'ecs' | 'cef'): SiemSink {
  const options = { now: Date.now, trustedCertificates: [certificate.cert], lookup: async () => ['127.0.0.1'] };
  const settings = { url, format, token: null, allowPrivateHosts: ['127.0.0.0/8'] };
  return openSink(settings, { version: '0.1.0', origin: 'flows.example.com' }, options);
}

/** Entries as the sealer leaves them: each block a leaf. */
async function write(actions: readonly string[]): Promise<void> {
  const actor = { kind: 'system', id: 'test' } as const;
  for (const action of actions) await house.journal.append({ entries: [{ workspace: 'wsp_1', actor, action }] });
  await house.pool.query(
    `insert into audit_leaf (index, lane, n, hash, at)
     select (select count(*) from audit_leaf) + row_number() over (order by n) - 1, lane, n, hash, at from audit_block b
     where not exists (select from audit_leaf l where l.lane = b.lane and l.n = b.n)`,
  );
}

const receiver = (sink: SiemSink) => new SiemService(house.pool, sink, new Log('silent'));

it('loses nothing while its receiver is away or refuses, and sends in order once it is back', async () => {
  const got: string[] = [];
  let answer = 503;
  const server = createHttps(certificate, (req, res) => {
    let text = '';
    req.on('data', (chunk) => (text += String(chunk)));
    req.on('end', () => {
      if (answer === 200) got.push(...text.trim().split('\n'));
      res.writeHead(answer).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  closers.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  const sink = aSink(`https://siem.test:${port}/ingest`, 'ocsf');
  closers.push(() => void sink.close());
  const siem = receiver(sink);

  await write(['test.one', 'test.two']);
  await expect(siem.send()).rejects.toThrow('answered 503');
  await write(['test.three']);
  await expect(siem.send()).rejects.toThrow('answered 503');
  answer = 200;
  expect(await siem.send()).toBe(3);
  expect(await siem.send()).toBeNull();
  await write(['test.four']);
  // Another process goes on where this one stopped.
  expect(await receiver(sink).send()).toBe(1);
  expect(got.map((line) => JSON.parse(line).metadata.event_code)).toEqual([
    'test.one',
    'test.two',
    'test.three',
    'test.four',
  ]);
});

it('sends no more at a time than its receiver takes, and nothing of blocks whose entries retention dropped', async () => {
  const lots: number[] = [];
  let most = Number.POSITIVE_INFINITY;
  const got = new Set<string>();
  const sink: SiemSink = {
    name: 'test',
    async send(events) {
      const entries = events.flatMap((event) => ('entry' in event ? [event.entry] : []));
      const bytes = entries.reduce((sum, entry) => sum + Buffer.byteLength(JSON.stringify(entry)), 0);
      if (bytes > most) throw new Error('The receiver of the log answered 413.');
      lots.push(bytes);
      for (const { id } of entries) got.add(id);
    },
    close: async () => undefined,
  };
  const siem = receiver(sink);
  const actor = { kind: 'system', id: 'test' } as const;
  const large = Array.from({ length: 6 }, (_, n) => ({
    workspace: 'wsp_1',
    actor,
    action: `test.n${n}`,
    detail: { text: 'x'.repeat(400_000) },
  }));
  // Three blocks of one large entry, and one block that is larger than what goes at a time.
  for (const entry of large.slice(0, 3)) await house.journal.append({ entries: [entry] });
  await house.journal.append({ entries: large.slice(3) });
  await write([]);
  while ((await siem.send()) !== null) continue;
  expect(got.size).toBe(6);
  expect(Math.max(...lots)).toBeLessThan(1024 * 1024);

  // A receiver that refuses what is large gets less, until it takes it.
  most = 420_000;
  await house.journal.append({ entries: large });
  await write([]);
  await expect(siem.send()).rejects.toThrow('413');
  while ((await siem.send()) !== null) continue;
  expect(got.size).toBe(12);

  lots.splice(0);
  await house.pool.query(`insert into audit_leaf (index, lane, n, hash, at)
    select count(*), '9', 0, repeat('0', 64), now() from audit_leaf`);
  expect(await siem.send()).toBe(0);
  expect(await siem.send()).toBeNull();
  expect(lots).toEqual([]);
});

it('is not taken for sent when it stops before its receiver read it all', async () => {
  let isReached = false;
  // Never ends its side.
  const server = createTls({ ...certificate, allowHalfOpen: true }, (socket) => {
    isReached = true;
    socket.on('error', () => undefined).resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  closers.push(() => server.close());
  const sink = aSink(`syslog+tls://siem.test:${port}`, 'cef');
  const siem = receiver(sink);
  await write(['test.one']);
  const sending = siem.send().catch((error: unknown) => String(error));
  await expect.poll(() => isReached).toBe(true);
  await sink.close();
  expect(await sending).toContain('closed before it had read all');
  const { rows } = await house.pool.query('select from siem_cursor');
  expect(rows).toEqual([]);
});

it('goes over syslog with TLS, each message with its length, and counts as sent once the receiver has read it', async () => {
  let text = '';
  const server = createTls(certificate, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => (text += String(chunk)));
    socket.on('end', () => socket.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  closers.push(() => server.close());
  const siem = receiver(aSink(`syslog+tls://siem.test:${port}`, 'cef'));
  await write(['test.one', 'test.two']);
  expect(await siem.send()).toBe(2);
  const [, length = '', rest = ''] = /^(\d+) (.*)$/s.exec(text) ?? [];
  const first = Buffer.from(rest).subarray(0, Number(length)).toString();
  expect(first).toMatch(
    /^<110>1 .* flows\.example\.com sluice - audit - \ufeffCEF:0\|Sluice\|Sluice\|0\.1\.0\|test\.one\|/,
  );
  server.close();
  await write(['test.three']);
  await expect(siem.send()).rejects.toThrow();
});

it('goes to a file, line by line', async () => {
  const path = join(folder, 'log');
  const siem = receiver(aSink(pathToFileURL(path).href, 'ecs'));
  await write(['test.one']);
  expect(await siem.send()).toBe(1);
  await write(['test.two']);
  expect(await siem.send()).toBe(1);
  const lines = (await readFile(path, 'utf8')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).event.action)).toEqual(['test.one', 'test.two']);
});

it('tells of the newest checkpoint once its entries were sent, and of each once', async () => {
  const file = join(folder, 'log');
  const siem = receiver(aSink(pathToFileURL(file).href, 'ecs'));
  await write(['test.a', 'test.b']);
  const seal = async (size: number) =>
    await house.pool.query(
      `insert into audit_checkpoint (size, root, note, at) values ($1::bigint, '', 'note ' || $1::bigint, now())`,
      [size],
    );
  await seal(1);
  await seal(2);
  await siem.send();
  await siem.send();
  await write(['test.c']);
  await seal(3);
  await siem.send();
  const lines = (await readFile(file, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).event);
  expect(lines.map(({ action, original }) => (action === 'log.checkpoint' ? original : action))).toEqual([
    'test.a',
    'test.b',
    'note 2',
    'test.c',
    'note 3',
  ]);
});
