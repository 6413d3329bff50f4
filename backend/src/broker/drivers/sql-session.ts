import type { Socket } from 'node:net';
import type { SqlReply, SqlRequest, SqlRow } from '@sluice/shared/connector';
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
  /** Signs in, over TLS with a certificate that proves the host's name. Rejects with what the library says. */
  open(): Promise<void>;
  run(): Promise<SqlReply>;
  close(): void;
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
