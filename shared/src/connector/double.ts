import type { KeyPlace } from './credentials.js';
import type { HttpReply, HttpRequest, MailMessage, MailReceipt } from './http.js';
import type { ImapReply, ImapRequest } from './imap.js';
import type { SftpReply, SftpRequest } from './sftp.js';
import type { SqlReply, SqlRequest } from './sql.js';

/** What a stand-in can be told to do to the next request that changes something. */
export type Fault = 'timeout' | 'rate-limit' | 'reject' | 'unavailable' | 'drop-reply';

/**
 * A stand-in for an outside service: state in memory, scopes enforced, no sockets, no code shared with its connector.
 * Written once; mounted in-process for unit tests, over HTTP for browser tests and the demo.
 */
export interface ServiceDouble {
  /** The host it stands in for. */
  host: string;
  /** Auth values that it will accept and that hold exactly these vendor scopes. */
  grant(
    scopes: readonly string[],
  ):
    | { kind: 'bearer'; token: string }
    | { kind: 'basic'; username: string; password: string }
    | { kind: 'apiKey'; in: KeyPlace; name: string; value: string }
    | { kind: 'signing'; secret: string }
    | { kind: 'secretUrl'; url: string }
    | { kind: 'sigV4'; accessKeyId: string; secretAccessKey: string; region: string };
  /** The reply, or `drop` when the work was done and the answer is lost, or `hang` when it never answers. */
  handle(request: DoubleRequest): Promise<HttpReply | 'drop' | 'hang'>;
  /** One line per lasting change, for assertions. */
  effects(): readonly string[];
  failNext(fault: Fault): void;
}

/** A request as the service would read it: lower-case header names; a JSON body parsed, any other as text, null when empty. */
export interface DoubleRequest extends Omit<HttpRequest, 'body'> {
  headers: Readonly<Record<string, string>>;
  body: unknown;
}

/** A mail server's stand-in. */
export interface MailDouble {
  host: string;
  grant(): { kind: 'basic'; username: string; password: string };
  accepts(credentials: { username: string; password: string }): boolean;
  deliver(
    message: Pick<MailMessage, 'to' | 'subject' | 'text' | 'html' | 'messageId'> & { from: string },
  ): Promise<MailReceipt | 'drop' | 'hang'>;
  effects(): readonly string[];
  failNext(fault: Fault): void;
}

/** An SFTP server's stand-in. */
export interface SftpDouble {
  host: string;
  grant(): { kind: 'sshKey'; username: string };
  accepts(login: { username: string }): boolean;
  /** `away`: it took no connection. */
  ask(request: SftpRequest): Promise<SftpReply | 'drop' | 'hang' | 'away'>;
  effects(): readonly string[];
  failNext(fault: Fault): void;
}

/** A database's stand-in. */
export interface SqlDouble {
  host: string;
  grant(): { kind: 'basic'; username: string; password: string };
  accepts(credentials: { username: string; password: string }): boolean;
  /** `away`: it took no connection. */
  carryOut(request: SqlRequest): Promise<SqlReply | 'drop' | 'hang' | 'away'>;
  effects(): readonly string[];
  failNext(fault: Fault): void;
}

/** The stand-in of an IMAP server. */
export interface ImapDouble {
  host: string;
  grant(): { kind: 'basic'; username: string; password: string };
  accepts(credentials: { username: string; password: string }): boolean;
  /** `away`: it took no connection. */
  open(request: ImapRequest): Promise<ImapReply | 'drop' | 'hang' | 'away'>;
  effects(): readonly string[];
  failNext(fault: Fault): void;
}
