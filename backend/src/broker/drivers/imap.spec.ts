import { connect } from 'node:net';
import type { ImapRequest } from '@sluice/shared/connector';
import { afterEach, describe, expect, it } from 'vitest';
import { makeCertificate } from '../../../test/certificate.js';
import { type ImapScript, literal, startImapServer } from '../../../test/imap-server.js';
import { shutAt } from '../../../test/shut-gate.js';
import { dial } from '../egress/dial.js';
import { alwaysOpen } from '../gate.js';
import { CallEnded } from '../refusal.js';
import { callImap, type ImapCall, readImapRequest } from './imap.js';

const certificate = makeCertificate('imap.test');
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function aServer(script: Partial<ImapScript> = {}) {
  const server = await startImapServer({ certificate, ...script });
  closers.push(() => server.close());
  return server;
}

const auth = { kind: 'basic' as const, username: 'reader', password: 'open sesame' };
const read: ImapRequest = { do: 'read', mailbox: 'INBOX', after: 0, uidValidity: null, isUnread: false, most: 10 };
const place = { mailbox: 'INBOX', uid: 7, uidValidity: 4 };
const mark: ImapRequest = { do: 'mark', as: 'read', ...place };
const move: ImapRequest = { do: 'move', to: 'Archive', ...place };

async function call(port: number, given: Partial<ImapCall> = {}) {
  const { reply } = await callImap({
    label: `imap.test:${port}`,
    dial: (signal) => dial({ host: '127.0.0.1', port, isTls: false, addresses: ['127.0.0.1'] }, { signal }),
    host: 'imap.test',
    ca: [certificate.cert],
    tls: 'required',
    request: read,
    wanted: { text: true, html: true, attachments: true },
    auth,
    account: undefined,
    milliseconds: 5000,
    gate: alwaysOpen,
    ...given,
  });
  return reply;
}

async function failure(sent: Promise<unknown>) {
  const error = await sent.then(
    () => new Error('it went well'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CallEnded)) throw error;
  return error.failure;
}

const header = [
  'From: =?utf-8?Q?Ada_L=C3=B6velace?= <ada@example.com>',
  'To: orders@example.org, "Books, all" <books@example.org>',
  'Subject: =?utf-8?B?R3LDvMOfZQ==?=',
  'Date: Mon, 5 Jan 2026 09:00:00 +0100',
  'Message-ID: <1@example.com>',
  'Content-Type: multipart/mixed; boundary=x',
  '',
  '',
].join('\r\n');
const structure =
  '((("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "QUOTED-PRINTABLE" 20 1 NIL NIL NIL NIL)' +
  '("TEXT" "HTML" ("CHARSET" "iso-8859-1") NIL NIL "8BIT" 20 1 NIL NIL NIL NIL) "ALTERNATIVE" NIL NIL NIL NIL)' +
  '("APPLICATION" "PDF" ("NAME" "x.pdf") NIL NIL "BASE64" 78000 NIL ("ATTACHMENT" ("FILENAME" "x.pdf")) NIL NIL) "MIXED" NIL NIL NIL NIL)';
const described = (uid = 7, body = structure) =>
  `* 1 FETCH (UID ${uid} FLAGS (\\Seen) INTERNALDATE " 5-Jan-2026 09:00:02 +0100" RFC822.SIZE 90000 BODYSTRUCTURE ${body} BODY[HEADER.FIELDS ("FROM" "TO")]<0> ${literal(header)})`;
const parts: Readonly<Record<string, string>> = {
  'BODY[2.MIME]':
    "Content-Type: application/pdf\r\nContent-Disposition: attachment; filename*=utf-8''Rechnung%20%C3%BC.pdf\r\n\r\n",
  'BODY[1.1]': 'Gr=C3=BC=C3=9Fe',
  'BODY[1.2]': '<p>Gr\xfc\xdfe</p>',
};
const bodies = () =>
  `* 1 FETCH (UID 7 ${Object.entries(parts)
    .map(([name, text]) => `${name}<0> ${literal(text)}`)
    .join(' ')})`;

/** A mailbox with one mail of two texts and an attachment. */
const oneMail: ImapScript['answer'] = ({ words }) => {
  if (!words.startsWith('UID FETCH')) return null;
  return `${words.includes('BODYSTRUCTURE') ? described() : bodies()}\r\nTAG OK fetched`;
};
const answering =
  (start: string, answer: string): ImapScript['answer'] =>
  (command) =>
    command.words.startsWith(start) ? answer : (oneMail?.(command) ?? null);

describe('an access token', () => {
  const token = 'canary.token-1';
  const bearer = { auth: { kind: 'bearer' as const, token }, account: 'reader' };

  it.each([
    ['IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 AUTH=OAUTHBEARER SASL-IR', 'AUTHENTICATE XOAUTH2 '],
    ['IMAP4rev1 AUTH=XOAUTH2', 'AUTHENTICATE XOAUTH2 '],
    ['IMAP4rev1 AUTH=OAUTHBEARER', 'AUTHENTICATE OAUTHBEARER '],
    ['IMAP4rev1 AUTH=OAUTHBEARER SASL-IR', 'AUTHENTICATE OAUTHBEARER '],
  ])('logs in where %s is offered', async (capabilities, said) => {
    const { port, heard } = await aServer({ capabilities, token, answer: oneMail });
    expect(await call(port, bearer)).toMatchObject({ do: 'read', uidNext: 8 });
    expect(heard.map(({ words }) => words).filter((words) => words.startsWith(said))).toHaveLength(1);
  });

  it.each([
    ['XOAUTH2', ''],
    ['OAUTHBEARER', 'AQ=='],
  ])('that the server refuses by %s is told of, without the token', async (mechanism, said) => {
    const { port, heard } = await aServer({ capabilities: `IMAP4rev1 AUTH=${mechanism} SASL-IR`, token: 'another' });
    const failed = await failure(call(port, bearer));
    expect(failed).toMatchObject({ kind: 'refused', code: 'egress.login_refused', uncertain: false });
    expect(failed.message).toMatch(/access token for reader: authorize it again/);
    expect(JSON.stringify(failed)).not.toContain('canary');
    expect(heard.at(-1)?.words).toBe(`refused, and said ${JSON.stringify(said)}`);
  });

  it('is not shown to a server that takes none, nor without a user name', async () => {
    const { port, heard } = await aServer({ token });
    expect(await failure(call(port, bearer))).toMatchObject({
      code: 'egress.login_refused',
      message: `imap.test:${port} takes no access tokens (XOAUTH2 or OAUTHBEARER): connect it with a user name and password.`,
    });
    expect(await failure(call(port, { ...bearer, account: undefined }))).toMatchObject({ code: 'broker.bad_secret' });
    expect(heard.filter(({ words }) => words.startsWith('AUTH'))).toEqual([]);
  });
});

describe('mails', () => {
  const mail = {
    uid: 7,
    messageId: '<1@example.com>',
    from: { name: 'Ada Lövelace', address: 'ada@example.com' },
    to: [
      { name: '', address: 'orders@example.org' },
      { name: 'Books, all', address: 'books@example.org' },
    ],
    cc: [],
    replyTo: [],
    subject: 'Grüße',
    sentAt: '2026-01-05T08:00:00.000Z',
    receivedAt: '2026-01-05T08:00:02.000Z',
    flags: ['\\Seen'],
    size: 90_000,
    text: 'Grüße',
    html: '<p>Grüße</p>',
    isCut: false,
    attachments: [{ name: 'Rechnung ü.pdf', type: 'application/pdf', size: 57_000, part: '2' }],
  };

  it('are read with their texts decoded and their attachments named, and not marked as read', async () => {
    const { port, heard } = await aServer({ answer: oneMail });
    expect(await call(port)).toEqual({ do: 'read', uidValidity: 4, uidNext: 8, mails: [mail], more: false });
    const said = heard.map(({ words }) => words);
    expect(said).toContain('EXAMINE "INBOX"');
    expect(said.filter((words) => /BODY\[/.test(words) || words.startsWith('SELECT'))).toEqual([]);
  });

  it('bring no more in than was granted', async () => {
    const { port, heard } = await aServer({ answer: oneMail });
    const wanted = { text: false, html: false, attachments: false };
    expect(await call(port, { wanted })).toMatchObject({ mails: [{ text: null, html: null, attachments: [] }] });
    expect(heard.filter(({ words }) => words.startsWith('UID FETCH'))).toHaveLength(1);
  });

  it('are told as cut where a text is longer than comes in', async () => {
    const long = structure.replace('"QUOTED-PRINTABLE" 20', '"QUOTED-PRINTABLE" 200000');
    const answer: ImapScript['answer'] = (command) =>
      command.words.includes('BODYSTRUCTURE') ? `${described(7, long)}\r\nTAG OK` : (oneMail?.(command) ?? null);
    const { port, heard } = await aServer({ answer });
    expect(await call(port)).toMatchObject({ mails: [{ isCut: true }] });
    expect(heard.at(-1)?.words).toContain('BODY.PEEK[1.1]<0.131072>');
  });

  it('are searched by the server, words of any script and sign as literals', async () => {
    const { port, heard } = await aServer({ answer: oneMail });
    await call(port, { request: { ...read, from: 'a"b\\c', subject: 'Grüße', isUnread: true, after: 3 } });
    const search = heard.find(({ words }) => words.startsWith('UID SEARCH'))?.words ?? '';
    expect(Buffer.from(search, 'latin1').toString()).toBe(
      'UID SEARCH CHARSET UTF-8 UID 4:* UNDELETED UNSEEN FROM "a\\"b\\\\c" SUBJECT Grüße',
    );
  });

  it('come by UID, once each, no more than asked, and none that the search was not asked for', async () => {
    const answer: ImapScript['answer'] = ({ words }) => {
      if (words.startsWith('UID SEARCH')) return '* SEARCH 7 6 2 6\r\nTAG OK';
      const uids = /^UID FETCH ([\d,]+) /.exec(words)?.[1]?.split(',').map(Number) ?? [];
      if (uids.length === 0) return null;
      return `${[...uids, 99].map((uid) => described(uid, 'NIL')).join('\r\n')}\r\nTAG OK`;
    };
    const { port } = await aServer({ answer });
    const reply = await call(port, { request: { ...read, after: 2, most: 1 } });
    expect(reply).toMatchObject({ mails: [{ uid: 6, isCut: true }], more: true });
  });

  /** Three mails, of which it gives no other than these. */
  const giving =
    (uids: readonly number[], more: (uid: number) => string | null = () => null): ImapScript['answer'] =>
    ({ words }) => {
      if (words.startsWith('UID SEARCH')) return '* SEARCH 5 6 7\r\nTAG OK';
      const asked = /^UID FETCH ([\d,]+) /.exec(words)?.[1]?.split(',').map(Number) ?? [];
      if (asked.length === 0) return null;
      if (!asked.every((uid) => uids.includes(uid))) return 'TAG NO [SERVERBUG] not all of them';
      return more(asked[0] ?? 0) ?? `${asked.map((uid) => described(uid, 'NIL')).join('\r\n')}\r\nTAG OK`;
    };

  it('are never passed over where the server has one and does not give it', async () => {
    const { port } = await aServer({ answer: giving([5, 7]) });
    expect(await call(port)).toMatchObject({ mails: [{ uid: 5 }], more: true });
    expect(await failure(call(port, { request: { ...read, after: 5 } }))).toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('does not give a mail that it has'),
      uncertain: false,
    });
  });

  it('are left out where they are gone by now', async () => {
    const { port } = await aServer({
      answer: giving([5, 6, 7], (uid) => (uid === 5 ? `${described(7, 'NIL')}\r\nTAG OK` : 'TAG OK')),
    });
    expect(await call(port)).toMatchObject({ mails: [{ uid: 7 }], more: false });
  });

  it('come as far as the time goes', async () => {
    const slow = giving([5, 6, 7], () => {
      const until = performance.now() + 600;
      while (performance.now() < until);
      return null;
    });
    const answer: ImapScript['answer'] = (command) =>
      command.words.includes(',') ? 'TAG OK' : (slow?.(command) ?? null);
    const { port } = await aServer({ answer });
    const reply = await call(port, { milliseconds: 2000 });
    expect(reply).toMatchObject({ more: true });
    expect(reply.do === 'read' && reply.mails.map(({ uid }) => uid).join()).toMatch(/^5(?:,6)?$/);
  });

  it('are none where the mailbox was numbered anew, where none is asked for and where none is new', async () => {
    const { port, heard } = await aServer({ answer: oneMail });
    const none = { do: 'read', uidValidity: 4, uidNext: 8, mails: [], more: false };
    for (const change of [{ uidValidity: 3 }, { most: 0 }, { after: 7 }])
      expect(await call(port, { request: { ...read, ...change } })).toEqual(none);
    expect(heard.filter(({ words }) => words.startsWith('UID'))).toEqual([]);
  });
});

describe('deeds', () => {
  it.each([
    ['read', '+FLAGS.SILENT (\\Seen)'],
    ['unflagged', '-FLAGS.SILENT (\\Flagged)'],
  ] as const)('mark a mail as %s', async (as, words) => {
    const { port, heard } = await aServer();
    expect(await call(port, { request: { do: 'mark', as, ...place } })).toEqual({ do: 'mark', wasThere: true });
    expect(heard.at(-1)?.words).toBe(`UID STORE 7 ${words}`);
  });

  it('move a mail, to a mailbox of any script', async () => {
    const { port, heard } = await aServer();
    const request: ImapRequest = { do: 'move', to: 'Entwürfe & mehr', ...place };
    expect(await call(port, { request })).toEqual({ do: 'move', wasThere: true });
    expect(heard.at(-1)?.words).toBe('UID MOVE 7 "Entw&APw-rfe &- mehr"');
  });

  it.each([
    ['of one that is gone', { answer: answering('UID SEARCH', '* SEARCH\r\nTAG OK') }, { wasThere: false }],
    [
      'where the mailbox was numbered anew',
      { answer: answering('SELECT', '* OK [UIDVALIDITY 5] a\r\n* OK [UIDNEXT 8] b\r\nTAG OK') },
      { reason: 'renumbered' },
    ],
    [
      'where the mailbox may only be read',
      { answer: answering('SELECT', '* OK [UIDVALIDITY 4] a\r\n* OK [UIDNEXT 8] b\r\nTAG OK [READ-ONLY] c') },
      { reason: 'read-only' },
    ],
    ['where the server knows no MOVE', { capabilities: 'IMAP4rev1 AUTH=PLAIN' }, { reason: 'no-move' }],
    [
      'to a mailbox that is none',
      { answer: answering('UID MOVE', 'TAG NO [TRYCREATE] no such\x07 box') },
      { reason: 'no-mailbox', message: "The server doesn't move the mail to Archive: no such box" },
    ],
    ['out of a mailbox that is none', { answer: answering('SELECT', 'TAG NO none') }, { reason: 'no-mailbox' }],
  ])('change nothing %s', async (_name, script, reply) => {
    const { port, heard } = await aServer(script);
    expect(await call(port, { request: move })).toMatchObject(reply);
    expect(heard.filter(({ words }) => /^UID (?:STORE|COPY)/.test(words))).toEqual([]);
  });

  it.each([
    ['the login', 1, 0],
    ['the mailbox', 2, 0],
    ['the mark', 3, 0],
    ['nothing', 4, 1],
  ])('are held back before %s once the call is stopped', async (_name, turn, stored) => {
    const { port, heard } = await aServer();
    const sent = call(port, { request: mark, gate: shutAt(turn) });
    if (turn < 4) expect(await failure(sent)).toMatchObject({ code: 'broker.revoked' });
    else await sent;
    const count = (start: string) => heard.filter(({ words }) => words.startsWith(start)).length;
    expect([count('AUTHENTICATE'), count('SELECT'), count('UID STORE')]).toEqual([
      turn > 1 ? 1 : 0,
      turn > 2 ? 1 : 0,
      stored,
    ]);
  });

  it('are uncertain where the answer is lost, and a read never is', async () => {
    const { port, sockets } = await aServer({
      answer({ words }) {
        if (!/^UID (?:STORE|FETCH)/.test(words)) return null;
        setImmediate(() => sockets.at(-1)?.destroy());
        return '';
      },
    });
    expect(await failure(call(port, { request: mark }))).toMatchObject({ code: 'egress.broken_off', uncertain: true });
    expect(await failure(call(port))).toMatchObject({ uncertain: false });
  });
});

describe('the way in', () => {
  it('says the password inside of STARTTLS alone', async () => {
    const { port, heard } = await aServer({ tls: 'starttls', answer: oneMail });
    expect(await call(port, { tls: 'starttls' })).toMatchObject({ do: 'read' });
    expect(heard.map(({ words, isSecure }) => [words.split(' ')[0], isSecure])).toEqual([
      ['STARTTLS', false],
      ['CAPABILITY', true],
      ['AUTHENTICATE', true],
      ['EXAMINE', true],
      ['UID', true],
      ['UID', true],
      ['UID', true],
    ]);
  });

  it.each([
    ['no STARTTLS', { tls: 'none' as const }, 'starttls' as const, 'egress.certificate'],
    [
      'words before TLS that TLS would vouch for',
      { tls: 'starttls' as const, answer: answering('STARTTLS', 'TAG OK go\r\n* CAPABILITY X') },
      'starttls' as const,
      'egress.broken_off',
    ],
    [
      'a login that is done already',
      { tls: 'none' as const, greeting: '* PREAUTH welcome' },
      'starttls' as const,
      'egress.broken_off',
    ],
    [
      'a certificate of another name',
      { certificate: makeCertificate('other.test') },
      'required' as const,
      'egress.certificate',
    ],
    ['no TLS', { tls: 'none' as const }, 'required' as const, 'egress.certificate'],
    ['words of another version', { capabilities: 'IMAP4rev2 AUTH=PLAIN' }, 'required' as const, 'egress.broken_off'],
  ])('says no password to a server with %s', async (_name, script, tls, code) => {
    const { port, heard } = await aServer(script);
    expect(await failure(call(port, { tls }))).toMatchObject({ code, uncertain: false });
    expect(heard.filter(({ words }) => /AUTH|LOGIN/.test(words))).toEqual([]);
  });

  it.each([
    ['AUTHENTICATE, with the answer at once', 'IMAP4rev1 AUTH=PLAIN SASL-IR'],
    ['AUTHENTICATE, asked for it', 'IMAP4rev1 AUTH=PLAIN'],
    ['LOGIN', 'IMAP4rev1'],
  ])('logs in by %s', async (_name, capabilities) => {
    const { port } = await aServer({ capabilities });
    expect(await call(port, { request: { ...read, most: 0 } })).toMatchObject({ do: 'read' });
  });

  it('tells a wrong password from a server that is busy, and repeats neither words nor password', async () => {
    const { port } = await aServer({ password: 'another' });
    const wrong = await failure(call(port));
    expect(wrong).toMatchObject({ kind: 'refused', code: 'egress.login_refused' });
    expect(JSON.stringify(wrong)).not.toContain('sesame');
    const busy = await aServer({ answer: answering('AUTHENTICATE', 'TAG NO [UNAVAILABLE] later') });
    expect(await failure(call(busy.port))).toMatchObject({ kind: 'unavailable', code: 'egress.broken_off' });
  });

  it('takes a user name and password, and nothing else', async () => {
    expect(await failure(call(1, { auth: { kind: 'none' } }))).toMatchObject({ code: 'broker.bad_secret' });
  });
});

describe('F14: what a hostile IMAP server sends is data', () => {
  it.each([
    ['a literal of a gigabyte', '* 1 FETCH (UID 7 BODY[HEADER] {1073741824}'],
    ['lists without an end', `* 1 FETCH ${'('.repeat(100_000)}`],
    ['brackets without an end', `* 1 FETCH (UID 7 ${'['.repeat(200_000)} x)`],
    ['an answer to no question', 'X99 OK done'],
    ['a NUL', '* 1 FETCH (\0)'],
  ])('ends at %s', async (_name, said) => {
    const { port } = await aServer({ answer: answering('UID FETCH', `${said}\r\nTAG OK`) });
    const begun = performance.now();
    const told = await call(port, { milliseconds: 3000 }).then(
      (reply) => reply,
      (error: unknown) => error,
    );
    expect(told instanceof CallEnded || Reflect.get(Object(told), 'mails').length === 0).toBe(true);
    expect(performance.now() - begun).toBeLessThan(2500);
  });

  it('takes no list of mails in that is longer than any mailbox', async () => {
    const { port } = await aServer({ answer: answering('UID SEARCH', `* SEARCH ${'7 '.repeat(1 << 22)}\r\nTAG OK`) });
    expect(await failure(call(port))).toMatchObject({ code: 'egress.broken_off' });
  });

  it.each([
    ['one line', 'x'.repeat(1 << 20)],
    ['many lines', `* OK ${'x'.repeat(1 << 20)}\r\n`],
    ['many short lines', '* OK x\r\n'.repeat(10_000)],
  ])('hangs up on one that never stops (%s)', async (_name, text) => {
    const { port, sockets, heard } = await aServer({ answer: answering('UID SEARCH', '') });
    const sent = failure(call(port, { milliseconds: 4000 }));
    await expect.poll(() => heard.at(-1)?.words).toMatch(/^UID SEARCH/);
    const pour = setInterval(() => sockets[0]?.write(text), 2);
    expect(await sent).toMatchObject({ code: 'egress.broken_off' });
    clearInterval(pour);
  });

  it('gives up on one that is silent, in time and when it is told to', async () => {
    const { port } = await aServer({ answer: answering('EXAMINE', '') });
    expect(await failure(call(port, { milliseconds: 300 }))).toMatchObject({
      code: 'egress.timeout',
      uncertain: false,
    });
    expect(await failure(call(port, { signal: AbortSignal.timeout(300) }))).toMatchObject({ code: 'egress.timeout' });
    const silent = await aServer({ tls: 'none', greeting: '' });
    expect(await failure(call(silent.port, { milliseconds: 300 }))).toMatchObject({ code: 'egress.timeout' });
    expect(await failure(call(silent.port, { dial: async () => connect(1, '127.0.0.1') }))).toMatchObject({
      kind: 'unavailable',
    });
  });

  it('keeps line breaks out of a subject, an address and a file name', async () => {
    const evil = header
      .replace(/Subject: .*/, 'Subject: =?utf-8?Q?a=0D=0ABcc:_x@example.com?=')
      .replace('Ada_L', 'Ada=0D=0AX:_L');
    const answer: ImapScript['answer'] = (command) =>
      command.words.includes('BODYSTRUCTURE')
        ? `${described(7, 'NIL').replace(literal(header), literal(evil))}\r\nTAG OK`
        : null;
    const { port } = await aServer({ answer });
    const reply = await call(port);
    expect(JSON.stringify(reply)).not.toMatch(/\\r|\\n/);
    expect(reply).toMatchObject({ mails: [{ subject: 'a Bcc: x@example.com' }] });
  });

  it.each([
    { mailbox: 'INBOX\r\nX DELETE INBOX' },
    { mailbox: '' },
    { from: 'a\nb' },
    { after: -1 },
    { most: 101 },
    { x: 1 },
  ])('F14: refuses to ask with %j', (change) => {
    expect(() => readImapRequest({ ...read, ...change })).toThrow(CallEnded);
  });
});
