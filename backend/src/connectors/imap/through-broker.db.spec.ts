import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replyFieldsOf } from '@sluice/shared/connector';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from '../../../test/certificate.js';
import { createTestDatabase, type TestDatabase } from '../../../test/database.js';
import { type ImapTestServer, literal, startImapServer } from '../../../test/imap-server.js';
import { openLocalBroker } from '../../../test/local-broker.js';
import { aClaim } from '../../../test/records.js';
import { type FileTicket, Vault } from '../../broker/call.js';
import { BrokerFiles } from '../../broker/files/broker-files.js';
import { BoundNet, type NetFiles } from '../../engine/bound-net.js';
import { DiskBlobs } from '../../platform/blobs/disk.js';
import { placeOfFile } from '../../platform/blobs/file-place.js';
import { defaultCell, openPool } from '../../platform/database/cell.js';
import { Keyring } from '../../platform/keys/keyring.js';
import type { KeySet } from '../../platform/keys/key-set.js';
import { wrapPayloadKey } from '../../platform/keys/payload-sealing.js';
import { parseRootKey } from '../../platform/keys/root-key.js';
import { newKey } from '../../platform/keys/secret-key.js';
import { connector } from './index.js';

const now = 1_000_000;
const password = 'canary-imap-5d1f';
const config = connector.base.config.parse({ host: 'imap.example.org' });
const hosts = ['imap.example.org:993'];
const file = `fil_${'0'.repeat(52)}`;
const runFiles: NetFiles = {
  ticket: async () => {
    throw new Error('no file was named');
  },
  keep() {
    const { blob, of } = placeOfFile(file, 14);
    const key = newKey();
    const ticket = { file, blob, of, key: wrapPayloadKey(payloadKeys, key, `file|${blob}`), bytes: 0 };
    kept.push(ticket);
    return { keep: { ticket, when: 'all' as const, mostBytes: 1024 }, key };
  },
};
const content = Buffer.from(`%PDF, and you said ${password} and went on`);
let folder: string;
let payloadKeys: KeySet;
let files: BrokerFiles;
const kept: FileTicket[] = [];
const root = parseRootKey(Buffer.alloc(32, 1).toString('base64'), 'test');

let database: TestDatabase;
let pool: pg.Pool;
let brokerPool: pg.Pool;
let server: ImapTestServer;
let local: Awaited<ReturnType<typeof openLocalBroker>>;

/** A name that leads elsewhere, and the password in name, type and content. */
function attached(words: string): string {
  if (words.includes('MIME'))
    return `BODY[2.MIME]<0> ${literal(`Content-Disposition: attachment; filename="../../etc/${password}.pdf"\r\n\r\n`)}`;
  return `BODY[2]<0> ${literal(content.toString('base64'))}`;
}

/** A careless server: it says the password back in a header, in a text's base64 and in its refusals. */
function answer({ words }: { words: string }): string | null {
  if (words.startsWith('UID STORE')) return `TAG NO not with ${password}`;
  if (!words.startsWith('UID FETCH')) return null;
  if (words.includes('BODY.PEEK[2') && !words.includes('BODY.PEEK[1'))
    return `* 1 FETCH (UID 7 ${attached(words)})\r\nTAG OK done`;
  const header = `From: Ada <ada@example.com>\r\nSubject: You said ${password}\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n`;
  const text = Buffer.from(`You said ${password}.`)
    .toString('base64')
    .replace(/(.{20})/g, '$1\r\n');
  const text1 = '("TEXT" "PLAIN" NIL NIL NIL "BASE64" 50 1 NIL NIL NIL NIL)';
  const file2 = `("APPLICATION" "PDF ${password}" NIL NIL NIL "BASE64" 50 NIL ("ATTACHMENT" NIL) NIL NIL)`;
  const structure = `(${text1}${file2} "MIXED" NIL NIL NIL NIL)`;
  const fetched = words.includes('BODYSTRUCTURE')
    ? `FLAGS () INTERNALDATE "05-Jan-2026 09:00:02 +0100" RFC822.SIZE 90 BODYSTRUCTURE ${structure} BODY[HEADER]<0> ${literal(header)}`
    : `BODY[1]<0> ${literal(text)} BODY[2.MIME]<0> ${literal('')}`;
  return `* 1 FETCH (UID 7 ${fetched})\r\nTAG OK done`;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-imap-'));
  server = await startImapServer({ certificate: makeCertificate('imap.test'), tls: 'none', password, answer });
  database = await createTestDatabase();
  pool = openPool(defaultCell(database.url), 2);
  brokerPool = openPool(defaultCell(database.url, 'sluice_broker'), 2);
  await pool.query(`
insert into workspace (id, name) values ('wsp_1', 'W');
insert into environment (id, workspace_id, name, position, policy) values ('env_1', 'wsp_1', 'dev', 1, '{"approval":false,"production":false}');
insert into member (id, workspace_id, email, name, roles) values ('mbr_1', 'wsp_1', 'a@b.c', 'A', '{owner}');
insert into flow (id, workspace_id, name, owner_id, draft) values ('flw_1', 'wsp_1', 'F', 'mbr_1', '{}')`);
  const keyring = new Keyring({ database: pool, root, clock: { now: () => now } });
  for (const [id, secret] of [
    ['con_right', password],
    ['con_wrong', 'another'],
  ] as const) {
    await pool.query(
      `insert into connection (id, workspace_id, environment, connector, name, auth_kind, config, hosts, owner_id)
       values ($1, 'wsp_1', 'dev', 'imap', 'C', 'basic', $2, $3, 'mbr_1')`,
      [id, config, hosts],
    );
    const place = { workspace: 'wsp_1', environment: 'dev', id, version: 1 };
    await new Vault(keyring).putSecret(pool, place, { kind: 'basic', username: 'reader', password: secret });
  }
  files = new BrokerFiles(new DiskBlobs(folder), keyring);
  payloadKeys = await keyring.keys('wsp_1', 'dev', 'payload');
  local = await openLocalBroker({
    keyring,
    desk: {
      database: brokerPool,
      keyring: new Keyring({ database: brokerPool, root, clock: { now: () => now } }),
      changes: { on: () => () => undefined },
      now: () => now,
      options: {
        allowPrivateHosts: [],
        blobs: new DiskBlobs(folder),
        doubles: new Map([['imap.example.org:993', `imap://127.0.0.1:${server.port}`]]),
      },
      report: (error) => {
        throw error;
      },
    },
  });
});

afterAll(async () => {
  await local?.close();
  await server?.close();
  await pool?.end();
  await brokerPool?.end();
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

async function run(
  id: string,
  {
    input = {},
    connection = 'con_right',
    call,
    reply,
    files: place,
  }: { input?: object; connection?: string; call?: string; reply?: string[]; files?: NetFiles } = {},
): Promise<unknown> {
  const action = connector.actions[id];
  if (action === undefined) throw new Error(`No action ${id}`);
  const { signal } = new AbortController();
  const capability = local.broker.mint(
    aClaim({
      now,
      connection,
      connector: 'imap',
      scopes: action.scopes,
      hosts,
      call: call ?? `${action.method} ${action.path}`,
      reply: reply ?? replyFieldsOf(connector, action),
    }),
  );
  const net = new BoundNet(local.broker, capability, signal, async () => Date.now() + 60_000, place ?? runFiles);
  const step = { config, net, idempotencyKey: 'key-1', signal };
  return action.output.parse(await action.run(step, action.input.parse({ ...Object(action.sample.input), ...input })));
}

const place = { mailbox: 'INBOX', uid: 7, uidValidity: 4 };

describe('IMAP through the broker', () => {
  it('brings mails in without the password, however the server spells it', async () => {
    const found = await run('mails.list');
    expect(found).toMatchObject({
      mails: [
        { uid: 7, subject: 'You said [removed]', text: 'You said [removed].', from: { address: 'ada@example.com' } },
      ],
    });
    expect(JSON.stringify(found)).not.toContain('canary');
  });

  it('says of a wrong password that it is wrong', async () => {
    await expect(run('mails.list', { connection: 'con_wrong' })).rejects.toMatchObject({
      code: 'egress.login_refused',
    });
  });

  it('leaves out what was not granted, and does not fetch it', async () => {
    const before = server.heard.length;
    const reply = ['uidValidity', 'uidNext', 'more', 'mails.uid', 'mails.receivedAt', 'mails.size', 'mails.isCut'];
    expect(await run('mails.list', { reply })).toEqual({
      uidValidity: 4,
      uidNext: 8,
      more: false,
      mails: [{ uid: 7, receivedAt: '2026-01-05T08:00:02.000Z', size: 90, isCut: false }],
    });
    const fetched = server.heard.slice(before).filter(({ words }) => words.startsWith('UID FETCH'));
    expect(fetched).toHaveLength(1);
  });

  it('makes a file of an attachment, without the password and by a name that leads nowhere', async () => {
    expect(await run('mails.attachment', { input: { ...place, part: '2' } })).toEqual({
      file: {
        file,
        name: '[removed].pdf',
        type: 'application/octet-stream',
        bytes: content.length - password.length + '[removed]'.length,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    });
    const [ticket] = kept;
    if (ticket === undefined) throw new Error('nothing was kept');
    const opened = await files.open({ workspace: 'wsp_1', environment: 'dev' }, ticket);
    expect(Buffer.concat(await opened.toArray()).toString()).toBe('%PDF, and you said [removed] and went on');
  });

  it('asks for no attachment where there is no place for files, or of another mailbox', async () => {
    const before = server.heard.length;
    const noPlace = { ...runFiles, keep: () => null };
    const input = { ...place, part: '2' };
    await expect(run('mails.attachment', { input, files: noPlace })).rejects.toMatchObject({ code: 'file.no_store' });
    await expect(
      run('mails.attachment', { input: { ...input, mailbox: 'Salaries' }, call: 'ATTACHMENT /INBOX' }),
    ).rejects.toMatchObject({ code: 'broker.call_not_allowed' });
    expect(server.heard).toHaveLength(before);
  });

  it('keeps to the mailbox that was approved', async () => {
    const call = 'READ /INBOX';
    expect(await run('mails.list', { call })).toMatchObject({ mails: [{ uid: 7 }] });
    const before = server.heard.length;
    await expect(run('mails.list', { call, input: { mailbox: 'Salaries' } })).rejects.toMatchObject({
      code: 'broker.call_not_allowed',
    });
    await expect(run('mails.mark', { call, input: place })).rejects.toMatchObject({ code: 'broker.call_not_allowed' });
    expect(server.heard).toHaveLength(before);
  });

  it('moves, and tells what the server refused without what it was told', async () => {
    expect(await run('mails.move', { input: place })).toEqual({ wasThere: true });
    await expect(run('mails.mark', { input: place })).rejects.toMatchObject({
      code: 'rejected',
      message: 'The server does not mark the mail: not with [removed]',
    });
  });
});
