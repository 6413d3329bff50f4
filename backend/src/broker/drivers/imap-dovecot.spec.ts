import type { ImapRequest } from '@sluice/shared/connector';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from '../../../test/certificate.js';
import { type Dovecot, hasDovecot, startDovecot } from '../../../test/dovecot.js';
import { dial } from '../egress/dial.js';
import { alwaysOpen } from '../gate.js';
import { callImap, type ImapServer } from './imap.js';

const certificate = makeCertificate('imap.test');
const crlf = (text: string) => text.replace(/\r?\n/g, '\r\n');

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

  async function ask(request: Partial<ImapRequest>, { tls = 'required' }: { tls?: ImapServer['tls'] } = {}) {
    const port = tls === 'required' ? server.port : server.starttlsPort;
    const { reply } = await callImap({
      label: 'imap.test',
      dial: (signal) => dial({ host: '127.0.0.1', port, isTls: false, addresses: ['127.0.0.1'] }, { signal }),
      host: 'imap.test',
      ca: [certificate.cert],
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
      auth: { kind: 'basic', username: server.user, password: server.password },
      milliseconds: 10_000,
      gate: alwaysOpen,
    });
    return reply;
  }
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
});
