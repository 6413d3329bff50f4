import { randomBytes } from 'node:crypto';
import type { ImapRequest } from '@sluice/shared/connector';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from '../../../test/certificate.js';
import { type Dovecot, hasDovecot, startDovecot } from '../../../test/dovecot.js';
import { dial } from '../egress/dial.js';
import { alwaysOpen } from '../gate.js';
import { type AttachmentPlace, callImap, type ImapServer } from './imap.js';

const certificate = makeCertificate('imap.test');
const crlf = (text: string) => text.replace(/\r?\n/g, '\r\n');

const handle = {
  file: `fil_${'0'.repeat(52)}`,
  name: 'a',
  type: 'image/png',
  bytes: 1,
  sha256: '0'.repeat(64),
};

const plain = crlf(`From: Grace <grace@example.com>
To: orders@example.org
Subject: Plain
Date: Mon, 5 Jan 2026 09:00:00 +0100
Message-ID: <plain@example.com>

Hello.
`);
const forwarded = crlf(`From: =?iso-8859-1?Q?Ada_L=F6velace?= <ada@example.com>
To: undisclosed-recipients:;
Cc: "Books, all" <books@example.org>
Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=
Message-ID: <mixed@example.com>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=outer

--outer
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Gr=FC=DFe
--inner
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64

PHA+R3LDvMOfZTwvcD4=
--inner--
--outer
Content-Type: application/pdf; name*0*=utf-8''Rechnung%20; name*1*=%C3%BC.pdf
Content-Disposition: attachment
Content-Transfer-Encoding: base64

${`${'A'.repeat(76)}\n`.repeat(100)}
--outer
Content-Type: message/rfc822

Subject: Inside
Content-Type: text/plain

The one that was forwarded.
--outer
Content-Type: text/plain
Content-Disposition: attachment; filename="notes.txt"

Notes
--outer--
`);
const attachmentAlone = crlf(`From: scanner@example.org
To: orders@example.org
Subject: Scan
Content-Type: application/pdf; name="scan.pdf"
Content-Transfer-Encoding: base64

QUFBQQ==
`);

describe.skipIf(!hasDovecot)('Dovecot', () => {
  let server: Dovecot;

  beforeAll(async () => {
    server = await startDovecot(certificate);
    for (const mail of [plain, forwarded, attachmentAlone]) await server.deliver(mail);
  });
  afterAll(() => server?.close());

  async function ask(
    request: Partial<ImapRequest>,
    { tls = 'required', token }: { tls?: ImapServer['tls']; token?: string } = {},
  ) {
    const port = tls === 'required' ? server.port : server.starttlsPort;
    const { reply } = await callImap({
      label: 'imap.test',
      dial: (signal) => dial({ host: '127.0.0.1', port, isTls: false, addresses: ['127.0.0.1'] }, { signal }),
      host: 'imap.test',
      ca: [certificate.cert],
      file: place,
      tls,
      request: {
        do: 'read',
        mailbox: 'INBOX',
        after: 0,
        uidValidity: null,
        isUnread: false,
        most: 10,
        ...request,
      } as ImapRequest,
      wanted: { text: true, html: true, attachments: true },
      auth:
        token === undefined
          ? { kind: 'basic', username: server.user, password: server.password }
          : { kind: 'bearer', token },
      account: server.user,
      milliseconds: 10_000,
      gate: alwaysOpen,
    });
    return reply;
  }
  /** Attachments, as they were kept; of more than `mostBytes` nothing is. */
  const kept: { name: string | null; type: string; content: Buffer }[] = [];
  const place = {
    mostBytes: 3 * 1024 * 1024,
    async save({ name, type, content }: Parameters<AttachmentPlace['save']>[0]) {
      const chunks: Buffer[] = [];
      for await (const chunk of content) chunks.push(chunk);
      kept.push({ name, type, content: Buffer.concat(chunks) });
      return handle;
    },
  };
  const take = async (uid: number, part: string) => {
    kept.length = 0;
    const { uidValidity } = await found({ most: 0 });
    const reply = await ask({ do: 'attachment', uid, uidValidity, part });
    return reply.do === 'attachment' ? kept.at(-1) : reply;
  };
  const found = async (request: Partial<ImapRequest & { do: 'read' }>) => {
    const reply = await ask(request);
    if (reply.do !== 'read') throw new Error(JSON.stringify(reply));
    return reply;
  };
  const subjects = async (request: Partial<ImapRequest & { do: 'read' }>) =>
    (await found(request)).mails.map(({ subject }) => subject);

  it.each(['required', 'starttls'] as const)('gives the mails of a mailbox (%s)', async (tls) => {
    const reply = await ask({}, { tls });
    expect(reply).toMatchObject({ do: 'read', uidNext: 4, more: false });
    const [first, second, third] = reply.do === 'read' ? reply.mails : [];
    expect(first).toMatchObject({
      uid: 1,
      messageId: '<plain@example.com>',
      from: { name: 'Grace', address: 'grace@example.com' },
      sentAt: '2026-01-05T08:00:00.000Z',
      size: plain.length,
      text: 'Hello.',
      html: null,
      attachments: [],
      isCut: false,
    });
    expect(second).toMatchObject({
      subject: 'Grüße',
      from: { name: 'Ada Lövelace' },
      to: [],
      cc: [{ name: 'Books, all', address: 'books@example.org' }],
      sentAt: null,
      text: 'Grüße',
      html: '<p>Grüße</p>',
      attachments: [
        { name: 'Rechnung ü.pdf', type: 'application/pdf', size: 5700 },
        { name: null, type: 'message/rfc822' },
        { name: 'notes.txt', type: 'text/plain' },
      ],
    });
    expect(third).toMatchObject({
      text: null,
      attachments: [{ name: 'scan.pdf', type: 'application/pdf' }],
    });
  });

  it('lets in who shows an access token', async () => {
    expect(await ask({ most: 0 }, { token: server.token(server.user) })).toMatchObject({ do: 'read', uidNext: 4 });
    await expect(ask({ most: 0 }, { token: server.token('another') })).rejects.toMatchObject({
      failure: { code: 'egress.login_refused' },
    });
  });

  it('gives attachments by their place, decoded, and only what is one', async () => {
    expect(await take(2, '2')).toEqual({
      name: 'Rechnung ü.pdf',
      type: 'application/pdf',
      content: Buffer.alloc(5700),
    });
    expect(await take(2, '3')).toMatchObject({ name: null, type: 'message/rfc822' });
    expect(kept[0]?.content.toString()).toContain('The one that was forwarded.');
    expect(await take(3, '1')).toEqual({ name: 'scan.pdf', type: 'application/pdf', content: Buffer.from('AAAA') });
    for (const part of ['1', '1.1', '5', '9.9'])
      expect(await take(2, part)).toMatchObject({ do: 'refused', reason: 'no-attachment' });
    expect(await take(99, '2')).toMatchObject({ reason: 'no-attachment', message: expect.stringContaining('gone') });
    expect(await ask({ do: 'attachment', uid: 2, uidValidity: 1, part: '2' })).toMatchObject({ reason: 'renumbered' });
    expect(kept).toEqual([]);
  });

  it('searches, pages by UID and marks nothing as read', async () => {
    expect(await subjects({ from: 'GRACE@' })).toEqual(['Plain']);
    expect(await subjects({ subject: 'grüß' })).toEqual(['Grüße']);
    expect(await subjects({ after: 1 })).toEqual(['Grüße', 'Scan']);
    expect(await found({ most: 1 })).toMatchObject({ more: true, mails: [{ uid: 1, flags: [] }] });
    expect(await subjects({ isUnread: true })).toHaveLength(3);
  });

  it('marks and moves, and says no where there is no such mailbox or mail', async () => {
    const { uidValidity } = await found({ most: 0 });
    const place = { mailbox: 'INBOX', uid: 3, uidValidity };
    expect(await ask({ do: 'mark', as: 'read', ...place })).toEqual({ do: 'mark', wasThere: true });
    expect(await subjects({ isUnread: true })).toEqual(['Plain', 'Grüße']);
    expect(await ask({ do: 'mark', as: 'unread', ...place })).toEqual({ do: 'mark', wasThere: true });
    expect(await subjects({ isUnread: true })).toHaveLength(3);
    expect(await ask({ do: 'move', to: 'Nowhere', ...place })).toMatchObject({ reason: 'no-mailbox' });
    expect(await ask({ mailbox: 'Nowhere' })).toMatchObject({ do: 'refused', reason: 'no-mailbox' });
    expect(await ask({ do: 'move', to: server.archive, ...place })).toEqual({ do: 'move', wasThere: true });
    expect(await ask({ do: 'move', to: server.archive, ...place })).toEqual({ do: 'move', wasThere: false });
    expect(await subjects({ mailbox: server.archive })).toEqual(['Scan']);
    expect(await ask({ do: 'move', to: server.archive, ...place, uidValidity: uidValidity + 1 })).toMatchObject({
      reason: 'renumbered',
    });
  });

  it('gives large ones whole, however they were encoded, and none that is too large', async () => {
    const bytes = randomBytes(1_700_000);
    const quoted = [...bytes.subarray(0, 250_000)]
      .map((byte, at) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}${at % 25 === 24 ? '=\r\n' : ''}`)
      .join('');
    const parts = [
      ['base64', bytes.toString('base64').replace(/.{76}/g, '$&\r\n')],
      ['quoted-printable', quoted],
      [
        'base64',
        Buffer.alloc(3 * 1024 * 1024 + 1)
          .toString('base64')
          .replace(/.{76}/g, '$&\r\n'),
      ],
    ].map(
      ([encoding, body], at) =>
        `--x\r\nContent-Type: image/png; name="${at}.png"\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}\r\n`,
    );
    const head = 'Subject: Large\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n';
    await server.deliver(`${head}${parts.join('')}--x--\r\n`);
    const { mails } = await found({ subject: 'Large' });
    const [large] = mails;
    if (large === undefined) throw new Error('no such mail');
    const { uid, attachments } = large;
    expect(attachments.map(({ name, part }) => [name, part])).toEqual([
      ['0.png', '1'],
      ['1.png', '2'],
      ['2.png', '3'],
    ]);
    const [whole, short] = [await take(uid, '1'), await take(uid, '2')];
    if (whole === undefined || short === undefined || 'do' in whole || 'do' in short) throw new Error('refused');
    expect(whole.content.equals(bytes)).toBe(true);
    expect(short.content.equals(bytes.subarray(0, 250_000))).toBe(true);
    await expect(take(uid, '3')).rejects.toMatchObject({
      failure: { code: 'egress.too_large', message: expect.stringContaining('more than 3 MiB'), uncertain: false },
    });
    expect(kept).toEqual([]);
  });
});
