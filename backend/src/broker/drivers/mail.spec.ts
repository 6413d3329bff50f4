import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { alwaysOpen, type Gate } from '../gate.js';
import { makeCertificate } from '../../../test/certificate.js';
import { shutAt } from '../../../test/shut-gate.js';
import { CallEnded } from '../refusal.js';
import { makeStripper } from '../strip.js';
import { type MailServer, sendMail } from './mail.js';
import { composeMail } from './mail-message.js';

const certificate = makeCertificate('smtp.test');
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

interface Delivered {
  from: string;
  to: string[];
  text: string;
}
async function aServer(options: SMTPServerOptions = {}) {
  const delivered: Delivered[] = [];
  const logins: { isSecure: boolean; user: unknown; pass: unknown }[] = [];
  const server = new SMTPServer({
    ...certificate,
    logger: false,
    closeTimeout: 100,
    onAuth({ username, password }, session, done) {
      logins.push({ isSecure: session.secure, user: username, pass: password });
      if (password === 'open sesame') done(null, { user: username });
      else done(Object.assign(new Error(`5.7.8 wrong password ${password}`), { responseCode: 535 }));
    },
    onData(stream, session, done) {
      let text = '';
      stream.setEncoding('utf8');
      stream.on('data', (chunk: string) => {
        text += chunk;
      });
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        delivered.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          text,
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => server.close(() => resolve())));
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return { port: (address satisfies AddressInfo).port, delivered, logins };
}

/** Stands between, so that a connection can be cut at any moment. */
async function aProxy(onwardPort: number) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    const onward = connect(onwardPort, '127.0.0.1');
    sockets.push(socket, onward);
    for (const end of [socket, onward]) end.on('error', () => undefined);
    socket.pipe(onward).pipe(socket);
  });
  return {
    port: await listen(server),
    cut() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.unshift(async () => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return (address satisfies AddressInfo).port;
}

/** A server in the clear that offers OAUTHBEARER alone, which smtp-server doesn't know, and answers it so. */
async function aPlainServer(answer: string) {
  const said: string[] = [];
  let isData = false;
  const answerTo = (line: string) => {
    if (isData) {
      isData = line !== '.';
      return isData ? null : '250 2.0.0 taken';
    }
    said.push(line);
    if (line.startsWith('EHLO')) return '250-smtp.test\r\n250 AUTH OAUTHBEARER';
    if (line.startsWith('AUTH')) return answer;
    if (line === 'AQ==') return '535 5.7.8 no';
    isData = line === 'DATA';
    return isData ? '354 go on' : '250 2.0.0 good';
  };
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write('220 smtp.test\r\n');
    let held = '';
    socket.on('data', (chunk) => {
      const lines = (held + chunk.toString()).split('\r\n');
      held = lines.pop() ?? '';
      for (const reply of lines.map(answerTo)) if (reply !== null) socket.write(`${reply}\r\n`);
    });
  });
  return { port: await listen(server), said };
}

const message = {
  to: ['ada@example.com'],
  subject: 'Thänk you',
  text: 'You paid 129.00 EUR',
  messageId: '<key-1@example.org>',
};
const basic = { kind: 'basic' as const, username: 'sender', password: 'open sesame' };
interface Given {
  tls?: MailServer['tls'];
  auth?: Parameters<typeof sendMail>[0]['auth'];
  account?: string;
  host?: string;
  ca?: string[];
  milliseconds?: number;
  signal?: AbortSignal;
  mail?: object;
  gate?: Gate;
}
async function deliver(
  port: number,
  {
    tls = 'starttls',
    auth = basic,
    account,
    host = 'smtp.test',
    ca = [certificate.cert],
    milliseconds = 5000,
    signal,
    mail = {},
    gate = alwaysOpen,
  }: Given = {},
) {
  return await sendMail({
    label: `smtp.test:${port}`,
    route: { host, port, isTls: tls === 'required', addresses: ['127.0.0.1'] },
    tls,
    ca,
    auth,
    account,
    milliseconds,
    gate,
    signal,
    mail: await composeMail({ ...message, ...mail }, 'Shop <shop@example.org>'),
    stripper: makeStripper(auth),
  });
}
async function failure(sent: Promise<unknown>) {
  const error = await sent.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CallEnded)) throw error ?? new Error('it was sent');
  return error.failure;
}

describe('sendMail', () => {
  it.each([
    ['login', 1, 0, 0],
    ['addresses', 2, 1, 0],
    ['text', 3, 1, 1],
  ])('sends no %s once the call is stopped', async (_what, turn, logins, addresses) => {
    const seen: string[] = [];
    const server = await aServer({
      onMailFrom({ address }, _session, done) {
        seen.push(address);
        done();
      },
    });
    const stopped = await failure(deliver(server.port, { gate: shutAt(turn) }));
    expect(stopped).toMatchObject({ code: 'broker.revoked', uncertain: false });
    expect([server.logins.length, seen.length, server.delivered]).toEqual([logins, addresses, []]);
  });

  it('delivers over STARTTLS, to everyone named, and says so', async () => {
    const { port, delivered, logins } = await aServer();
    const receipt = await deliver(port, {
      mail: { cc: ['Grace Hopper <grace@example.com>'], bcc: ['hidden@example.com'] },
    });
    expect(receipt).toEqual({
      accepted: ['ada@example.com', 'grace@example.com', 'hidden@example.com'],
      rejected: [],
      messageId: '<key-1@example.org>',
      response: expect.stringMatching(/^250/),
    });
    expect(logins).toEqual([{ isSecure: true, user: 'sender', pass: 'open sesame' }]);
    expect(delivered[0]).toMatchObject({
      from: 'shop@example.org',
      to: ['ada@example.com', 'grace@example.com', 'hidden@example.com'],
    });
    expect(delivered[0]?.text).toContain('Message-ID: <key-1@example.org>');
    expect(delivered[0]?.text).not.toContain('hidden@example.com');
  });

  it('delivers over TLS from the first byte', async () => {
    const { port, logins } = await aServer({ secure: true });
    expect((await deliver(port, { tls: 'required' })).accepted).toEqual(['ada@example.com']);
    expect(logins[0]?.isSecure).toBe(true);
  });

  it('delivers in the clear only when that was chosen', async () => {
    const { port, delivered } = await aServer({ disabledCommands: ['STARTTLS'], allowInsecureAuth: true });
    expect(await failure(deliver(port))).toMatchObject({ code: 'egress.certificate', uncertain: false });
    expect(delivered).toEqual([]);
    expect((await deliver(port, { tls: 'none' })).accepted).toEqual(['ada@example.com']);
  });

  it.each([
    ['STARTTLS', 'starttls' as const, false],
    ['TLS', 'required' as const, true],
  ])('refuses a certificate nobody signed, or of another name (%s), before login', async (_name, tls, secure) => {
    const { port, logins } = await aServer({ secure });
    expect(await failure(deliver(port, { tls, ca: [] }))).toMatchObject({
      code: 'egress.certificate',
      uncertain: false,
    });
    expect(await failure(deliver(port, { tls, host: 'other.test' }))).toMatchObject({
      code: 'egress.certificate',
      uncertain: false,
    });
    expect(logins).toEqual([]);
  });

  it('F16: says that the login was refused, without the password that the server repeats', async () => {
    const { port } = await aServer();
    const failed = await failure(deliver(port, { auth: { ...basic, password: 'canary-9f31' } }));
    expect(failed).toMatchObject({ kind: 'refused', code: 'egress.login_refused', uncertain: false });
    expect(JSON.stringify(failed)).not.toContain('canary');
  });

  describe('with an access token', () => {
    const token = { auth: { kind: 'bearer' as const, token: 'canary.token-1' }, account: 'sender@example.org' };

    it('logs in by XOAUTH2', async () => {
      const logins: unknown[] = [];
      const { port, delivered } = await aServer({
        authMethods: ['PLAIN', 'XOAUTH2'],
        onAuth({ method, username, accessToken }, _session, done) {
          logins.push([method, username, accessToken]);
          done(null, { user: username });
        },
      });
      expect(await deliver(port, token)).toMatchObject({ accepted: ['ada@example.com'] });
      expect(logins).toEqual([['XOAUTH2', 'sender@example.org', 'canary.token-1']]);
      expect(delivered).toHaveLength(1);
    });

    it('hears the refusal out, and tells of it without the token', async () => {
      const { port } = await aServer({
        authMethods: ['XOAUTH2'],
        onAuth: ({ accessToken }, _session, done) => done(null, { data: { status: '401', said: accessToken } }),
      });
      const failed = await failure(deliver(port, token));
      expect(failed).toMatchObject({ kind: 'refused', code: 'egress.login_refused', uncertain: false });
      expect(failed.message).toMatch(/access token for sender@example.org: authorize it again/);
      expect(JSON.stringify(failed)).not.toContain('canary');
    });

    it.each([
      ['235 2.7.0 in', '', 'delivered'],
      ['334 eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIn0=', 'AQ==', 'authorize it again'],
      ['504 5.5.4 what is that', '', 'takes no access tokens'],
    ])('shows it by OAUTHBEARER where XOAUTH2 is not offered (%s)', async (answer, heard, comesTo) => {
      const { port, said } = await aPlainServer(answer);
      const outcome = await deliver(port, { ...token, tls: 'none' }).then(
        () => 'delivered',
        (error: CallEnded) => error.failure.message,
      );
      expect(outcome).toContain(comesTo);
      const [, shown = ''] = said.flatMap((line) => /^AUTH OAUTHBEARER (.*)$/.exec(line) ?? []);
      expect(Buffer.from(shown, 'base64').toString()).toBe(
        'n,a=sender@example.org,\x01auth=Bearer canary.token-1\x01\x01',
      );
      if (heard !== '') expect(said).toContain(heard);
    });

    it('is refused before anything is sent where nobody said whose it is', async () => {
      const { port, logins } = await aServer({ authMethods: ['XOAUTH2'] });
      expect(await failure(deliver(port, { auth: token.auth }))).toMatchObject({ code: 'broker.bad_secret' });
      expect(logins).toEqual([]);
    });
  });

  it('reports which recipients were refused, in the server’s words without the secret', async () => {
    const { port } = await aServer({
      onRcptTo({ address }, _session, done) {
        done(
          address.startsWith('no')
            ? Object.assign(new Error('no such user, open sesame'), { responseCode: 550 })
            : null,
        );
      },
    });
    expect(await deliver(port, { mail: { to: ['ada@example.com', 'nobody@example.com'] } })).toMatchObject({
      accepted: ['ada@example.com'],
      rejected: ['nobody@example.com'],
    });
    const all = await deliver(port, { mail: { to: ['nobody@example.com'] } });
    expect(all).toMatchObject({ accepted: [], rejected: ['nobody@example.com'] });
    expect(all.response).toMatch(/^550 no such user, \[removed\]/);
  });

  it('may be tried again, certainly undone, when the server is busy', async () => {
    const { port } = await aServer({
      onMailFrom: (_address, _session, done) => done(Object.assign(new Error('later'), { responseCode: 451 })),
    });
    expect(await failure(deliver(port))).toMatchObject({
      kind: 'unavailable',
      code: 'egress.mail_not_taken',
      uncertain: false,
    });
  });

  it('is certainly undone when the server closes after it read the mail, and says so (421)', async () => {
    const { port } = await aServer({
      onData(stream, _session, done) {
        stream.resume();
        stream.on('end', () => done(Object.assign(new Error('closing'), { responseCode: 421 })));
      },
    });
    expect(await failure(deliver(port))).toMatchObject({ code: 'egress.mail_not_taken', uncertain: false });
  });

  it('is uncertain when the server takes the mail and breaks off', async () => {
    const taken = await aServer({
      onData(stream) {
        stream.resume();
        stream.on('end', () => proxy.cut());
      },
    });
    const proxy = await aProxy(taken.port);
    expect(await failure(deliver(proxy.port))).toMatchObject({ code: 'egress.broken_off', uncertain: true });
  });

  it('is certain when the server breaks off before it has the mail', async () => {
    const early = await aServer({ onRcptTo: () => proxy.cut() });
    const proxy = await aProxy(early.port);
    expect(await failure(deliver(proxy.port))).toMatchObject({ code: 'egress.unreachable', uncertain: false });
  });

  it('ends at the deadline and on abort', async () => {
    const silent = createServer((socket) => void socket.on('error', () => undefined));
    const port = await listen(silent);
    expect(await failure(deliver(port, { milliseconds: 50 }))).toMatchObject({ kind: 'unavailable', uncertain: false });
    expect(await failure(deliver(port, { signal: AbortSignal.abort() }))).toMatchObject({
      kind: 'unavailable',
      uncertain: false,
    });
  });
});

describe('composeMail', () => {
  const compose = (mail: object) => composeMail({ ...message, ...mail }, 'shop@example.org');

  it.each([
    { subject: 'a\r\nBcc: evil@evil.test' },
    { to: ['ada@example.com\r\nBcc: evil@evil.test'] },
    { to: ['ada@example.com, evil@evil.test'] },
    { to: ['a <b@c.de>, <evil@evil.test>'] },
    { replyTo: 'x\ny@z.de' },
    { messageId: '<a@b>\r\nX: y' },
    { to: [] },
    { to: ['nobody'] },
    { to: ['a@b\u2028c'] },
    { text: { path: '/etc/passwd' } },
    { html: { href: 'http://169.254.169.254/' } },
    { attachments: [{ path: '/etc/passwd' }] },
    { headers: { bcc: 'x' } },
  ])('F4: refuses %j', async (mail) => {
    expect(await failure(compose(mail))).toMatchObject({ kind: 'refused', code: 'broker.bad_request' });
  });

  it('reads neither file nor address from text that looks like one', async () => {
    const { raw } = await compose({ text: 'file:///etc/passwd' });
    expect(raw.toString()).toContain('file:///etc/passwd');
  });

  it('writes out attachments under names that end no line, and shows none in place', async () => {
    const file = { file: `fil_${'0'.repeat(52)}`, type: 'application/pdf', bytes: 3, sha256: '0'.repeat(64) };
    const attachments = [
      { ...file, name: 'Grüße "1".pdf' },
      { ...file, name: 'b.html', type: 'text/html' },
    ];
    const contents = [Buffer.from('%PDF'), Buffer.from('<p>')];
    const { raw, attached } = await composeMail({ ...message, attachments }, 'shop@example.org', contents);
    const { attachments: read, text } = await PostalMime.parse(raw);
    expect(read.map(({ filename, mimeType, disposition }) => [filename, mimeType, disposition])).toEqual([
      ['Grüße "1".pdf', 'application/pdf', 'attachment'],
      ['b.html', 'text/html', 'attachment'],
    ]);
    expect([attached, text?.trim()]).toEqual([2, message.text]);
    for (const wrong of [{ name: 'a\r\nX: y' }, { name: '../a' }, { path: '/etc/passwd' }, { href: 'http://x.test' }])
      await expect(composeMail({ ...message, attachments: [{ ...file, ...wrong }] }, 'a@b.c')).rejects.toThrow(
        CallEnded,
      );
  });

  it('writes one From, Date and Message-ID', async () => {
    const { raw } = await compose({ html: '<b>x</b>' });
    for (const name of ['From', 'Date', 'Message-ID'])
      expect(raw.toString().match(new RegExp(`^${name}: `, 'gm'))).toHaveLength(1);
  });
});
