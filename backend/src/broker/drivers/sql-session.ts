import type { Socket } from 'node:net';
import type { SqlReply, SqlRequest, SqlRow } from '@sluice/shared/connector';
import type { Json } from '@sluice/shared/lib';
import type { Gate } from '../gate.js';

/** What one statement needs. The socket is plain and dialled already: the protocol begins TLS by itself. */
export interface SqlJob {
  socket: Socket;
  host: string;
  port: number;
  database: string;
  username: string;
  /** When the database asks for it; rejects when the call may not go on. */
  password: () => Promise<string>;
  ca: string[] | undefined;
  request: SqlRequest;
  /** Until the database itself ends the statement. */
  statementMs: number;
  /** Asked right before the statement. */
  gate: Gate;
}

/** One connection that carries out one statement. */
export interface SqlSession {
  /** Signs in, over TLS with a certificate that proves the host's name. Rejects with what is below, or what the library says. */
  open(): Promise<void>;
  run(): Promise<SqlReply>;
  close(): void;
}

/** What a database's code means, whichever database it is. */
export type Meaning =
  | 'gone'
  | 'login'
  | 'late'
  | 'writes'
  | 'constraint'
  | 'denied'
  | 'value'
  | 'conflict'
  | 'grammar'
  | 'other';

/** The database's own word on a login or a statement. Its `message` may hold values, unless it is about `grammar`. */
export class DatabaseSaid extends Error {
  override readonly name = 'DatabaseSaid';

  constructor(
    readonly code: string,
    readonly meaning: Meaning,
    words: string,
  ) {
    super(words);
  }
}

/** The server offers no TLS. */
export class NoTls extends Error {
  override readonly name = 'NoTls';
}

/** The server asks for the password in another way than those in `ways`. */
export class OtherLogin extends Error {
  override readonly name = 'OtherLogin';

  constructor(readonly ways: string) {
    super('asked for another way to sign in');
  }
}

/** Bytes of rows that come in at most. */
export const mostRowBytes = 10 * 1024 * 1024;

/** What the server has begun to send is more than is read at once, and nothing after it can be read. */
export class TooMuchAtOnce extends Error {
  override readonly name = 'TooMuchAtOnce';
}

/** Gathers rows until there are enough; what comes after is let go. */
export class Rows {
  readonly rows: SqlRow[] = [];
  isCut = false;
  readonly #most: number;
  #bytes = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** `bytes`: as it came in. */
  add(row: SqlRow, bytes: number): void {
    this.#bytes += bytes;
    if (this.rows.length >= this.#most || this.#bytes > mostRowBytes) this.isCut = true;
    if (!this.isCut) this.rows.push(row);
  }
}

/** What a database calls JSON; text where it is none. */
export function readJson(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
