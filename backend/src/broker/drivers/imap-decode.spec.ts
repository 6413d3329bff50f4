import { describe, expect, it } from 'vitest';
import { decodeHeader, decodeName, decodeText } from './imap-decode.js';

const bytes = (text: string) => Buffer.from(text).toString('latin1');

describe('a text', () => {
  it.each([
    ['7bit', '', 'Hello.\r\n\r\nAda\r\n', 'Hello.\n\nAda'],
    ['8bit', 'utf-8', bytes('Grüße'), 'Grüße'],
    ['8bit', '', bytes('Grüße'), 'Grüße'],
    ['8bit', 'iso-8859-1', 'Gr\xfc\xdfe', 'Grüße'],
    ['8bit', 'nonsense', bytes('Grüße'), 'Grüße'],
    ['quoted-printable', 'utf-8', 'Gr=C3=BC=C3=9F=\r\ne 1=2', 'Grüße 1=2'],
    ['base64', 'utf-8', 'R3LDvM\r\nOfZQ==', 'Grüße'],
    ['base64', 'utf-8', 'R3LDvMO', 'Grü'],
    ['7bit', 'iso-2022-jp', '\x1b$B$3$s\x1b(B', 'こん'],
  ])('is decoded: %s, %s', (encoding, charset, body, text) => {
    expect(decodeText(body, { encoding, charset })).toBe(text);
  });
});

describe('a header', () => {
  it('is read as people write it', async () => {
    const header = [
      bytes('From: Ada Lövelace <ada@example.com>'),
      'To: Team: a@example.com, "B, C" <b@example.com>;,',
      ' last@example.com',
      'Cc: undisclosed-recipients:;',
      'Subject: =?utf-8?Q?Gr=C3=BC?= =?utf-8?Q?=C3=9Fe?=',
      'Date: nonsense',
      'Message-ID: <1@example.com>',
    ].join('\r\n');
    expect(await decodeHeader(header)).toEqual({
      messageId: '<1@example.com>',
      from: { name: 'Ada Lövelace', address: 'ada@example.com' },
      to: [
        { name: '', address: 'a@example.com' },
        { name: 'B, C', address: 'b@example.com' },
        { name: '', address: 'last@example.com' },
      ],
      cc: [],
      replyTo: [],
      subject: 'Grüße',
      sentAt: null,
    });
    expect(await decodeHeader('\0 nothing')).toMatchObject({ from: null, to: [], subject: '', messageId: null });
  });

  it.each([
    ['Content-Disposition: attachment; filename="a b.pdf"', 'a b.pdf'],
    ["Content-Disposition: inline; filename*0*=utf-8''Gr%C3%BC; filename*1*=%C3%9Fe.pdf", 'Grüße.pdf'],
    ['Content-Type: image/png; name="=?utf-8?B?R3LDvMOfZQ==?="', 'Grüße'],
    ['Content-Type: image/png', null],
    ['Content-Disposition: attachment; filename="a=?utf-8?Q?=0D=0A?=b"', 'a b'],
    ['', null],
  ])('gives the name in %j', async (header, name) => {
    expect(await decodeName(`${header}\r\n`)).toBe(name);
  });
});

describe('F14: a mail that is made to be hard to read', () => {
  const filled = (text: string, size: number) => text.repeat(Math.floor(size / text.length));
  /** Milliseconds of the processor: the machine may be busy with other things. */
  const soon = 600;
  const cost = async (work: () => unknown) => {
    const begun = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / 1000;
  };

  it.each(['\n', '\r', ' ', '=', '= ', '=\r\n', '=\t', '\0', 'A', '\n \n', 'x\n'])(
    'has its text of %j read at once',
    async (text) => {
      for (const encoding of ['7bit', 'quoted-printable', 'base64']) {
        const decode = () => decodeText(`${filled(text, 128 * 1024)}x`, { encoding, charset: 'utf-8' });
        expect(await cost(decode)).toBeLessThan(soon);
      }
    },
  );

  it.each([
    ['From: ', ','],
    ['To: ', 'a:b;'],
    ['To: ', 'a@b.c,'],
    ['To: ', '<'],
    ['To: ', '"'],
    ['To: ', '('],
    ['To: ', '"<'],
    ['Subject: ', '=?utf-8?Q?a?= '],
    ['Subject: ', '\r\n '],
    ['', 'A: b\r\n'],
    ['', ':'],
  ])('has its header of %j and %j read at once', async (name, text) => {
    const one = `${name}${filled(text, 64 * 1024)}\r\n`;
    const several = `${name}${filled(text, 8 * 1024)}\r\n`.repeat(8);
    for (const header of [one, several]) expect(await cost(() => decodeHeader(header))).toBeLessThan(soon);
  });

  it.each(['a=b;', 'filename*0*=b;', "filename*=utf-8''%", 'filename="\\"', ';'])(
    'has its file name of %j read at once',
    async (text) => {
      const header = `Content-Disposition: attachment; ${filled(text, 8 * 1024)}\r\n`;
      expect(await cost(() => decodeName(header))).toBeLessThan(soon);
    },
  );
});
