import { TextDecoder } from 'node:util';
import type { ImapAddress, ImapMail } from '@sluice/shared/connector';
import PostalMime, { type Address } from 'postal-mime';

type Headed = Pick<ImapMail, 'messageId' | 'from' | 'to' | 'cc' | 'replyTo' | 'subject' | 'sentAt'>;

const mostAddresses = 200;
const mostLine = 2000;
/** Characters of one field, some 200 addresses: what postal-mime takes for a list grows with the square of its length. */
const mostField = 8 * 1024;
/** A header without a body has no parts. */
const limits = { maxNestingDepth: 1, maxRfc822NestingDepth: 1, forceRfc822Attachments: true };

/** A mail's header, in bytes as Latin-1. What is no header gives a mail that says nothing. */
export async function decodeHeader(header: string): Promise<Headed> {
  const { from, to, cc, replyTo, subject, messageId, date } = await parse(withoutContent(header));
  const at = Date.parse(date ?? '');
  return {
    messageId: messageId === undefined || messageId === '' ? null : cut(messageId),
    from: from === undefined ? null : (addressesOf([from])[0] ?? null),
    to: addressesOf(to),
    cc: addressesOf(cc),
    replyTo: addressesOf(replyTo),
    subject: cut(subject ?? ''),
    sentAt: Number.isNaN(at) ? null : new Date(at).toISOString(),
  };
}

/**
 * A text of a mail, in bytes as Latin-1, from how the server says that it is written. By hand: of 128 KiB of line breaks
 * postal-mime makes 3.6 s, of a hostile multipart a minute.
 */
export function decodeText(body: string, { encoding, charset }: { encoding: string; charset: string }): string {
  const plain = encoding === 'quoted-printable' ? unquote(body) : body;
  const bytes =
    encoding === 'base64' ? Buffer.from(body.replace(/[^A-Za-z0-9+/]+/g, ''), 'base64') : Buffer.from(plain, 'latin1');
  // Half a character at the end of what was cut is left out.
  const text = decoderOf(charset).decode(bytes, { stream: true });
  return text.replaceAll('\0', '').replace(/\r\n?/g, '\n').trimEnd();
}

/** RFC 2045, 6.7; what is no code stays as it is. */
export function unquote(body: string): string {
  const joined = body.replace(/=[ \t]*\r?\n/g, '');
  return joined.replace(/=([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

function decoderOf(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}

/** The file name that a part's header gives; null for none. */
export async function decodeName(header: string): Promise<string | null> {
  const content = onlyContent(header).replace(
    /^content-disposition:[ \t]*(?:inline|attachment)?/im,
    'Content-Disposition: attachment',
  );
  const forced = /^content-disposition:/im.test(content) ? content : `${content}Content-Disposition: attachment\r\n`;
  const { attachments } = await parse(forced);
  const name = attachments[0]?.filename ?? null;
  return name === null || name === '' ? null : cut(name);
}

async function parse(header: string) {
  try {
    return await PostalMime.parse(Buffer.from(`${header}\r\n`, 'latin1'), limits);
  } catch {
    // What can't be read says nothing; the mail is told all the same.
    return { attachments: [], headers: [], headerLines: [] };
  }
}

/** The fields of a header, each on one line (RFC 5322, 2.2.3) with its line break. */
function fieldsOf(header: string): string[] {
  const lines = header.split(/\r?\n(?![ \t])/).map((field) => field.replace(/\r?\n/g, '').slice(0, mostField));
  return lines.flatMap((line) => (/^[^\s:]+[ \t]*:/.test(line) ? `${line}\r\n` : []));
}

function onlyContent(header: string): string {
  return fieldsOf(header)
    .filter((field) => /^content-/i.test(field))
    .join('');
}

function withoutContent(header: string): string {
  return fieldsOf(header)
    .filter((field) => !/^content-/i.test(field))
    .join('');
}

function addressesOf(given: readonly Address[] = []): ImapAddress[] {
  const flat = given.flatMap((one) => (one.group === undefined ? [one] : one.group));
  return flat.slice(0, mostAddresses).map(({ name, address }) => ({ name: cut(name), address: cut(address ?? '') }));
}

/** On one line: a flow that writes it into another header shall not begin a new one by it. */
function cut(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, mostLine);
}
