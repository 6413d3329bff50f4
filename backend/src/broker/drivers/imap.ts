import type { Socket } from 'node:net';
import { type FileHandle, type ImapMark, type ImapReply, type ImapRequest, imapMarks } from '@sluice/shared/connector';
import { z } from 'zod';
import type { Credential } from '../credential.js';
import { dialTrouble, isCertificateError } from '../egress/dial.js';
import type { Gate } from '../gate.js';
import { broke, CallEnded, refused, unreachable } from '../refusal.js';
import { Deadline } from './deadline.js';
import { fetchMails, highestUid, searchMails, type Wanted } from './imap-mails.js';
import { type AttachmentRequest, findAttachment } from './imap-attachment.js';
import { ImapGarbled, mostBytes } from './imap-reader.js';
import { type ImapOutcome, ImapRefused, ImapSession } from './imap-session.js';
import { encodeMailbox } from './imap-words.js';
import { type Login, loginOf, loginRefused, noTokens } from './sasl.js';

const line = z
  .string()
  .min(1)
  .max(500)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\p{Cs}]+$/u);
const uid = z.int().min(1).max(highestUid);
const place = { mailbox: line, uidValidity: uid, uid };
const requestSchema: z.ZodType<ImapRequest> = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('read'),
    mailbox: line,
    after: z.int().min(0).max(highestUid),
    uidValidity: uid.nullable(),
    from: line.optional(),
    subject: line.optional(),
    isUnread: z.boolean(),
    most: z.int().min(0).max(100),
  }),
  z.strictObject({ do: z.literal('mark'), as: z.enum(imapMarks), ...place }),
  z.strictObject({ do: z.literal('move'), to: line, ...place }),
  z.strictObject({ do: z.literal('attachment'), part: z.string().regex(/^\d{1,3}(?:\.\d{1,3}){0,12}$/), ...place }),
]);

/** A connection's settings, as the imap connector declares them. */
const configSchema = z.object({
  host: z.string(),
  port: z.int().min(1).max(65535),
  tls: z.enum(['required', 'starttls']),
  /** Whose mailbox an access token is for. */
  username: z.string().optional(),
});
export type ImapServer = z.output<typeof configSchema>;

/** Throws CallEnded. */
export function readImapServer(config: unknown): ImapServer {
  const { data } = configSchema.safeParse(config);
  if (data === undefined) throw refused('broker.bad_request', "The connection isn't one for IMAP: it names no server.");
  return data;
}

/** Throws CallEnded. */
export function readImapRequest(request: unknown): ImapRequest {
  const { data, error } = requestSchema.safeParse(request);
  if (data !== undefined) return data;
  const where = error.issues[0]?.path.join('.') ?? '';
  throw refused(
    'broker.bad_request',
    `The ${where === '' ? 'request' : where} can't be sent as it is: names and texts are single lines, UIDs are whole numbers.`,
  );
}

/** What of a grant each deed is, in the words of calls: a method and each mailbox that it touches. */
export function imapCallsOf(request: ImapRequest): { method: string; pathname: string }[] {
  const mailboxes = request.do === 'move' ? [request.mailbox, request.to] : [request.mailbox];
  return mailboxes.map((mailbox) => ({ method: request.do.toUpperCase(), pathname: `/${mailbox}` }));
}

export interface ImapCall {
  label: string;
  /** A plain socket; TLS begins on it here. Closes it, and rejects, once the signal says so. */
  dial: (signal: AbortSignal) => Promise<Socket>;
  /** The name that the certificate must bear. */
  host: string;
  ca: string[] | undefined;
  tls: ImapServer['tls'] | 'none';
  request: ImapRequest;
  wanted: Wanted;
  /** Where an attachment goes. */
  file?: AttachmentPlace | undefined;
  auth: Credential;
  /** Whose mailbox an access token is for. */
  account: string | undefined;
  milliseconds: number;
  gate: Gate;
  signal?: AbortSignal | undefined;
}

export interface AttachmentPlace {
  mostBytes: number;
  save(found: { name: string | null; type: string; content: AsyncIterable<Buffer> }): Promise<FileHandle>;
}

/** Bytes that are read of a server for an attachment: base64 with its line breaks, and what else is said. */
function mostOf(file: AttachmentPlace | undefined): number {
  return mostBytes + Math.ceil((file?.mostBytes ?? 0) * 1.5);
}

/** One deed over a connection of its own. Rejects with CallEnded. */
export async function callImap(call: ImapCall): Promise<{ reply: ImapReply; bytesReceived: number }> {
  const { label, request, gate } = call;
  const login = loginOf(call.auth, call.account);
  const deadline = new Deadline(call.milliseconds, call.signal);
  let session: ImapSession | null = null;
  /** A read changes nothing, so of one that breaks off nothing is uncertain. */
  let wasTold = false;
  // Of a server that is slow some mails are better than none in time.
  const until = performance.now() + call.milliseconds / 2;
  try {
    const socket = await call.dial(deadline.signal);
    const open = new ImapSession(socket, mostOf(call.file));
    session = open;
    const tell = async () => {
      await gate.pass();
      wasTold = true;
    };
    const work = async (): Promise<ImapReply> => {
      await open.open({ host: call.host, ca: call.ca, tls: call.tls, login, gate });
      return await carryOut(open, { request, wanted: call.wanted, file: call.file, label, until, gate, tell });
    };
    const reply = await deadline.orOver(work());
    return { reply, bytesReceived: open.bytesReceived };
  } catch (error) {
    throw explain(error, { label, login, wasTold, isOver: deadline.isOver });
  } finally {
    deadline.clear();
    session?.close();
  }
}

interface Deed {
  request: ImapRequest;
  wanted: Wanted;
  file: AttachmentPlace | undefined;
  label: string;
  /** No further mail is begun after this, as performance.now() tells it. */
  until: number;
  gate: Gate;
  /** To be asked right before something changes. */
  tell: () => Promise<void>;
}

async function carryOut(session: ImapSession, deed: Deed): Promise<ImapReply> {
  const { request, wanted, until, gate, tell } = deed;
  const isRead = request.do === 'read' || request.do === 'attachment';
  await gate.pass();
  const opened = await session.command(isRead ? 'EXAMINE' : 'SELECT', { text: encodeMailbox(request.mailbox) });
  if (opened.status !== 'OK') return no('no-mailbox', `The server doesn't open the mailbox ${request.mailbox}`, opened);
  const [uidValidity, uidNext] = [numberOf(opened, 'UIDVALIDITY'), numberOf(opened, 'UIDNEXT')];
  if (uidValidity === null || uidNext === null) throw new ImapGarbled('a mailbox without UIDVALIDITY and UIDNEXT');

  if (request.do === 'read') {
    const isSame = request.uidValidity === null || request.uidValidity === uidValidity;
    const nothing: ImapReply = { do: 'read', uidValidity, uidNext, mails: [], more: false };
    if (!isSame || request.most === 0 || request.after >= uidNext - 1) return nothing;
    const uids = await searchMails(session, request);
    if (!Array.isArray(uids)) return no('failed', 'The server does not search for this', uids);
    const { mails, more } = await fetchMails(session, uids.slice(0, request.most), { wanted, until });
    return { do: 'read', uidValidity, uidNext, mails, more: more || uids.length > request.most };
  }

  if (request.uidValidity !== uidValidity) {
    const message = `The server has numbered the mails of ${request.mailbox} anew since this one was read: it can't be told which one is meant.`;
    return { do: 'refused', reason: 'renumbered', message };
  }
  if (request.do === 'attachment') return await takeAttachment(session, request, deed);
  if (/^READ-ONLY\b/i.test(opened.code))
    return no('read-only', `The user may only read the mailbox ${request.mailbox}`, opened);
  const { uid: one } = request;
  const { responses } = await session.command('UID SEARCH', `UID ${one}`);
  const wasThere = responses.some(({ text }) => / SEARCH\b/i.test(text) && text.split(' ').includes(String(one)));
  if (!wasThere) return { do: request.do, wasThere };

  if (request.do === 'mark') {
    const [sign, flag] = flags[request.as];
    await tell();
    const done = await session.command('UID STORE', String(one), `${sign}FLAGS.SILENT`, `(${flag})`);
    return done.status === 'OK' ? { do: 'mark', wasThere } : no('failed', 'The server does not mark the mail', done);
  }
  // Copying and deleting would leave two where it is broken off between them, and a repeat a third.
  if (!(await session.listCapabilities()).has('MOVE'))
    return no('no-move', 'The server does not know how to move a mail (MOVE, RFC 6851)', opened);
  await tell();
  const done = await session.command('UID MOVE', String(one), { text: encodeMailbox(request.to) });
  if (done.status === 'OK') return { do: 'move', wasThere };
  return no(
    /^TRYCREATE\b/i.test(done.code) ? 'no-mailbox' : 'failed',
    `The server doesn't move the mail to ${request.to}`,
    done,
  );
}

async function takeAttachment(
  session: ImapSession,
  request: AttachmentRequest,
  { file, label }: Deed,
): Promise<ImapReply> {
  if (file === undefined)
    throw refused('broker.bad_request', 'An attachment was asked for, and no place given for it.');
  const found = await findAttachment(session, request, { label, mostBytes: file.mostBytes });
  return 'do' in found ? found : { do: 'attachment', file: await file.save(found) };
}

const flags: Readonly<Record<ImapMark, readonly ['+' | '-', string]>> = {
  read: ['+', '\\Seen'],
  unread: ['-', '\\Seen'],
  flagged: ['+', '\\Flagged'],
  unflagged: ['-', '\\Flagged'],
  answered: ['+', '\\Answered'],
  unanswered: ['-', '\\Answered'],
};

function no(
  reason: (ImapReply & { do: 'refused' })['reason'],
  what: string,
  { status, words }: ImapOutcome,
): ImapReply {
  // An answer that was good has nothing to say about what is missing.
  const said =
    status === 'OK'
      ? ''
      : words
          .replace(/[^\x21-\x7e]+/g, ' ')
          .trim()
          .slice(0, 200);
  return { do: 'refused', reason, message: said === '' ? `${what}.` : `${what}: ${said}` };
}

/** Of `* OK [UIDNEXT 4392] Predicted next UID`. */
function numberOf({ responses }: ImapOutcome, name: string): number | null {
  const pattern = new RegExp(`^\\* OK \\[${name} (\\d{1,10})\\]`, 'i');
  const found = responses.flatMap(({ text }) => pattern.exec(text)?.[1] ?? []).at(-1);
  const number = Number(found);
  return number >= 1 && number <= highestUid ? number : null;
}

interface Lost {
  label: string;
  login: Login;
  wasTold: boolean;
  isOver: boolean;
}

function explain(error: unknown, { label, login, wasTold, isOver }: Lost) {
  if (error instanceof CallEnded) return error;
  if (error instanceof ImapRefused && error.stage === 'login') return loginRefused(label, login);
  if (error instanceof ImapRefused && error.stage === 'no-tokens') return noTokens(label);
  if (isOver) {
    return broke({ code: 'egress.timeout', message: `${label} did not answer in time.`, uncertain: wasTold }, error);
  }
  if (error instanceof ImapRefused && (error.stage === 'tls' || isCertificateError(error.cause))) {
    const message = `${label} offers no encryption with a certificate that proves its name: correct the host, the port or the encryption, or have it mended.`;
    return broke({ code: 'egress.certificate', message, uncertain: false }, error);
  }
  if (error instanceof ImapRefused) {
    const what = error.stage === 'fetch' ? 'does not give a mail that it has' : 'takes no logins';
    const message = `${label} ${what} just now.`;
    return broke({ code: 'egress.broken_off', message, uncertain: false }, error);
  }
  if (error instanceof ImapGarbled) {
    const message = `${label} does not answer as an IMAP server does: check the host and port.`;
    return broke({ code: 'egress.broken_off', message, uncertain: wasTold }, error);
  }
  if (wasTold) {
    const message = `${label} broke off before it answered.`;
    return broke({ code: 'egress.broken_off', message, uncertain: true }, error);
  }
  return unreachable(label, dialTrouble(error), error);
}
