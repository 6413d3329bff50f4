import type { ImapReply, ImapRequest } from '@sluice/shared/connector';
import { broke } from '../refusal.js';
import { decodeName, unquote } from './imap-decode.js';
import { describeMail, fetchParts, headerOf, textOf } from './imap-mails.js';
import { type MailPart, readParts } from './imap-parts.js';
import { ImapRefused, type ImapSession } from './imap-session.js';

/** Bytes, as they travel, that are asked for at once. */
const chunkBytes = 512 * 1024;

export interface FoundAttachment {
  name: string | null;
  type: string;
  content: AsyncGenerator<Buffer>;
}

export type AttachmentRequest = ImapRequest & { do: 'attachment' };
type Refused = ImapReply & { do: 'refused' };

/** What a mail has attached at a place. Its content comes piece by piece, decoded; it rejects with CallEnded above `mostBytes`. */
export async function findAttachment(
  session: ImapSession,
  { uid, part: path }: AttachmentRequest,
  { label, mostBytes }: { label: string; mostBytes: number },
): Promise<FoundAttachment | Refused> {
  const items = await describeMail(session, uid);
  const part = readParts(items?.get('BODYSTRUCTURE')).find((one) => one.role === 'attachment' && one.path === path);
  if (items === undefined || part === undefined) {
    const what =
      items === undefined ? 'The mail is gone: it was moved or deleted' : `The mail has no attachment ${path}`;
    return { do: 'refused', reason: 'no-attachment', message: `${what}.` };
  }
  const asked = part.isWhole ? [] : [`BODY.PEEK[${path}.MIME]<0.8192>`];
  const found = asked.length === 0 ? items : await fetchParts(session, uid, asked);
  return {
    name: await decodeName(headerOf(part, { header: textOf(items.get('BODY[HEADER]')), found })),
    type: part.type,
    content: bounded(decoded(piecesOf(session, { uid, path }), part), { label, mostBytes }),
  };
}

/** Until one is shorter than was asked for. A mail that goes meanwhile is no file that is short. */
async function* piecesOf(session: ImapSession, { uid, path }: { uid: number; path: string }): AsyncGenerator<string> {
  for (let at = 0; ; at += chunkBytes) {
    const found = await fetchParts(session, uid, [`BODY.PEEK[${path}]<${at}.${chunkBytes}>`]);
    const piece = found.get(`BODY[${path}]`);
    if (typeof piece !== 'string' || piece.length > chunkBytes) throw new ImapRefused('fetch');
    yield piece;
    if (piece.length < chunkBytes) return;
  }
}

/** Bytes of a part from how they travel (RFC 2045, 6). */
async function* decoded(pieces: AsyncIterable<string>, { encoding }: MailPart): AsyncGenerator<Buffer> {
  const cut = encoding === 'base64' ? cutBase64 : encoding === 'quoted-printable' ? cutQuoted : cutNothing;
  let held = '';
  for await (const piece of pieces) {
    const { whole, rest } = cut(held + piece);
    held = rest;
    yield decode(whole, encoding);
  }
  yield decode(held, encoding);
}

function decode(text: string, encoding: string): Buffer {
  if (encoding === 'base64') return Buffer.from(text, 'base64');
  return Buffer.from(encoding === 'quoted-printable' ? unquote(text) : text, 'latin1');
}

interface Cut {
  whole: string;
  /** What may go on in the next piece. */
  rest: string;
}

function cutBase64(text: string): Cut {
  const digits = text.replace(/[^A-Za-z0-9+/]+/g, '');
  const end = digits.length - (digits.length % 4);
  return { whole: digits.slice(0, end), rest: digits.slice(end) };
}

function cutQuoted(text: string): Cut {
  const at = text.lastIndexOf('=');
  const end = at < text.length - longestCode ? text.length : at;
  return { whole: text.slice(0, end), rest: text.slice(end) };
}

/** A line of it has 76 characters, so that a soft break with its white space is no longer. */
const longestCode = 100;

function cutNothing(text: string): Cut {
  return { whole: text, rest: '' };
}

async function* bounded(
  source: AsyncIterable<Buffer>,
  { label, mostBytes }: { label: string; mostBytes: number },
): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > mostBytes) {
      const message = `${label} has an attachment of more than ${mostBytes / 1024 ** 2} MiB, which is the most that this installation takes: have SLUICE_MAX_FILE_MIB raised.`;
      throw broke({ code: 'egress.too_large', message, uncertain: false });
    }
    if (chunk.length > 0) yield chunk;
  }
}
