import type { ImapMail, ImapRequest } from '@sluice/shared/connector';
import { type MailPart, readParts } from './imap-parts.js';
import type { ImapResponse } from './imap-reader.js';
import { type ImapOutcome, ImapRefused, type ImapSession } from './imap-session.js';
import { decodeHeader, decodeName, decodeText } from './imap-decode.js';
import { type ImapValue, readValues } from './imap-words.js';

type Read = ImapRequest & { do: 'read' };

/** What of a header comes in: what a mail says of itself, and what its one part is called. */
const fields = 'FROM TO CC REPLY-TO SUBJECT DATE MESSAGE-ID CONTENT-TYPE CONTENT-DISPOSITION';
/** Bytes, as they travel, of a header, of a part's header and of a text. */
const mostHeader = 64 * 1024;
const mostPartHeader = 8 * 1024;
export const mostText = 128 * 1024;
export const mostAttachments = 25;
/** Of all mails of one call; what is above it comes with the next one. */
const mostBytes = 8 * 1024 * 1024;
/** What is read of a mail's description. */
const mostDescription = 256 * 1024;

/** The UIDs that a search finds above the request's `after`, ascending; or how the server said that it can't search so. */
export async function searchMails(session: ImapSession, request: Read): Promise<number[] | ImapOutcome> {
  const { after, from, subject, isUnread } = request;
  const given = [from ?? '', subject ?? ''].join('');
  const outcome = await session.command(
    'UID SEARCH',
    ...(/^[\x20-\x7e]*$/.test(given) ? [] : ['CHARSET UTF-8']),
    `UID ${after + 1}:* UNDELETED`,
    ...(isUnread ? ['UNSEEN'] : []),
    ...(from === undefined ? [] : ['FROM', { text: from }]),
    ...(subject === undefined ? [] : ['SUBJECT', { text: subject }]),
  );
  if (outcome.status !== 'OK') return outcome;
  const found = outcome.responses.flatMap(
    ({ text }) => /^\* SEARCH ([\d ]+)$/i.exec(text)?.[1]?.trim().split(/ +/) ?? [],
  );
  // A range up to * holds the last mail, however low its UID (RFC 9051, 9: sequence-set).
  const uids = found.map(Number).filter((uid) => uid > after && uid <= highestUid);
  return [...new Set(uids)].sort((one, other) => one - other);
}

export const highestUid = 2 ** 32 - 1;

/** Which of a mail's parts come in. */
export interface Wanted {
  text: boolean;
  html: boolean;
  attachments: boolean;
}

/**
 * The mails of these UIDs, in their order; those that are gone by now are left out. `more`: the last ones were left for
 * later, for their size, for the time that is over (`until`, as performance.now() tells it) or because the server gave no
 * more. Rejects with ImapRefused where it gives none at all: a mail that can't be read is never passed over.
 */
export async function fetchMails(
  session: ImapSession,
  uids: readonly number[],
  { wanted, until }: { wanted: Wanted; until: number },
): Promise<{ mails: ImapMail[]; more: boolean }> {
  const mails: ImapMail[] = [];
  const start = session.bytesReceived;
  for (let at = 0; at < uids.length; at += batch) {
    const asked = uids.slice(at, at + batch);
    const described = await describeMails(session, asked, ['BODYSTRUCTURE']);
    for (const uid of asked) {
      const isOver = session.bytesReceived - start > mostBytes || performance.now() > until;
      // Of a mail that begins it all comes, else one that is large would hold up those behind it for good.
      if (mails.length > 0 && isOver) return { mails, more: true };
      try {
        // One whose structure is beyond reading is told without its parts; of one that is gone nothing comes.
        const items = described?.get(uid) ?? (await describeMails(session, [uid], []))?.get(uid);
        if (items !== undefined) mails.push(await fetchMail(session, { uid, items, wanted }));
      } catch (error) {
        if (mails.length > 0 && error instanceof ImapRefused) return { mails, more: true };
        throw error;
      }
    }
  }
  return { mails, more: false };
}

/** One mail's structure and header; undefined: it is gone. Rejects with ImapRefused. */
export async function describeMail(session: ImapSession, uid: number): Promise<Items | undefined> {
  return (await describeMails(session, [uid], ['BODYSTRUCTURE']))?.get(uid);
}

/** Null: the server gives nothing of several, of which one may be to blame. Of one alone that rejects with ImapRefused. */
async function describeMails(
  session: ImapSession,
  uids: readonly number[],
  also: readonly string[],
): Promise<ReadonlyMap<number, Items> | null> {
  const items = [
    'UID FLAGS INTERNALDATE RFC822.SIZE',
    ...also,
    `BODY.PEEK[HEADER.FIELDS (${fields})]<0.${mostHeader}>`,
  ];
  const { status, responses } = await session.command('UID FETCH', uids.join(','), `(${items.join(' ')})`);
  if (status !== 'OK' && uids.length === 1) throw new ImapRefused('fetch');
  if (status !== 'OK') return null;
  const found = responses.flatMap((response) => {
    const one = readFetched(response);
    // What comes unasked tells of flags alone.
    return one?.[1].has('BODY[HEADER]') === true ? [one] : [];
  });
  return new Map(found);
}

const batch = 20;

export type Items = ReadonlyMap<string, ImapValue>;

/** A FETCH response: what it says by name, without ranges, and the header by `BODY[HEADER]`. Null for any other. */
function readFetched(response: ImapResponse): [number, Items] | null {
  const head = /^\* \d+ FETCH /i.exec(response.text)?.[0];
  if (head === undefined || response.text.length > mostDescription) return null;
  const [list] = readValues(response, head.length);
  if (!Array.isArray(list)) return null;
  const items = new Map<string, ImapValue>();
  for (let at = 0; at + 1 < list.length; at += 2) {
    const name: ImapValue = list[at] ?? null;
    if (typeof name === 'string') items.set(plainName(name), list[at + 1] ?? null);
  }
  const uid = Number(items.get('UID'));
  return Number.isInteger(uid) ? [uid, items] : null;
}

/** Servers write the fields of a header that was asked for as they like. */
function plainName(name: string): string {
  const plain = name.slice(0, 1000).toUpperCase();
  return plain.startsWith('BODY[HEADER') ? 'BODY[HEADER]' : plain.replace(/<\d+>$/, '');
}

async function fetchMail(
  session: ImapSession,
  { uid, items, wanted }: { uid: number; items: Items; wanted: Wanted },
): Promise<ImapMail> {
  const parts = readParts(items.get('BODYSTRUCTURE'));
  // A server may send more than it was asked for.
  const header = textOf(items.get('BODY[HEADER]')).slice(0, mostHeader);
  const [text, html] = (['text', 'html'] as const).map((role) =>
    wanted[role] ? parts.find((part) => part.role === role) : undefined,
  );
  const attached = wanted.attachments ? parts.filter(({ role }) => role === 'attachment') : [];
  const named = attached.slice(0, mostAttachments);
  const bodies = [text, html].filter((part) => part !== undefined);
  const names = named.filter(({ isWhole }) => !isWhole);
  const asked = [
    ...names.map(({ path }) => `BODY.PEEK[${path}.MIME]<0.${mostPartHeader}>`),
    ...bodies.map(({ path }) => `BODY.PEEK[${path}]<0.${mostText}>`),
  ];
  const found: Items = asked.length === 0 ? new Map() : await fetchParts(session, uid, asked);
  const bodyOf = (part: MailPart | undefined) =>
    part === undefined ? null : decodeText(textOf(found.get(`BODY[${part.path}]`)).slice(0, mostText), part);
  return {
    uid,
    ...(await decodeHeader(header)),
    receivedAt: dateOf(items.get('INTERNALDATE')),
    flags: flagsOf(items.get('FLAGS')),
    size: countOf(items.get('RFC822.SIZE')),
    text: bodyOf(text),
    html: bodyOf(html),
    isCut: parts.length === 0 || bodies.some(({ octets }) => octets > mostText) || attached.length > named.length,
    attachments: await Promise.all(
      named.map(async (part) => ({
        name: await decodeName(headerOf(part, { header, found })),
        type: part.type,
        part: part.path,
        size: part.encoding === 'base64' ? Math.floor((part.octets * lineBytes) / lineDigits) : part.octets,
      })),
    ),
  };
}

/** The header that a part has of its own, or that of the mail which it is. */
export function headerOf({ isWhole, path }: MailPart, { header, found }: { header: string; found: Items }): string {
  return isWhole ? header : textOf(found.get(`BODY[${path}.MIME]`)).slice(0, mostPartHeader);
}

/** A line of base64 in a mail: 57 bytes are 76 digits and a line break (RFC 2045, 6.8). */
const lineBytes = 57;
const lineDigits = 78;

export async function fetchParts(session: ImapSession, uid: number, asked: readonly string[]): Promise<Items> {
  const { status, responses } = await session.command('UID FETCH', String(uid), `(UID ${asked.join(' ')})`);
  if (status !== 'OK') throw new ImapRefused('fetch');
  const fetched = responses.flatMap((response) => {
    const one = readFetched(response);
    return one?.[0] === uid ? [...one[1]] : [];
  });
  return new Map(fetched);
}

export function textOf(value: ImapValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function countOf(value: ImapValue | undefined): number {
  const count = Number(value);
  return Number.isSafeInteger(count) && count > 0 ? count : 0;
}

/** Without `\Recent`, which says something of the session and nothing of the mail; RFC 9051 knows it no more. */
function flagsOf(value: ImapValue | undefined): string[] {
  const flags = Array.isArray(value) ? value.filter((flag: ImapValue) => typeof flag === 'string') : [];
  return flags
    .filter((flag) => flag.toLowerCase() !== '\\recent')
    .slice(0, mostFlags)
    .map((flag) => flag.slice(0, 100));
}

const mostFlags = 50;

/** `17-Jul-2026 02:44:25 +0200`; the beginning of time for what is none. */
function dateOf(value: ImapValue | undefined): string {
  const at = Date.parse(
    textOf(value)
      .trim()
      .replaceAll(/(?<=\d)-(?=[A-Za-z])|(?<=[A-Za-z])-(?=\d)/g, ' '),
  );
  return new Date(Number.isNaN(at) ? 0 : at).toISOString();
}
