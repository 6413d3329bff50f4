import type { Socket } from 'node:net';

/** A response as it came: its text in Latin-1, where each literal (RFC 9051, 4.3) stands as U+0000, and the literals. */
export interface ImapResponse {
  text: string;
  literals: readonly Buffer[];
}

/** The server sends what no IMAP server sends, or more than comes in. */
export class ImapGarbled extends Error {
  override readonly name = 'ImapGarbled';
}

/** A search of half a million mails. */
const mostLine = 4 * 1024 * 1024;
const mostLiteral = 1024 * 1024;
export const mostBytes = 24 * 1024 * 1024;

/** Cuts what a server sends into responses; one that sends too much is hung up on. */
export class ImapReader {
  readonly #socket: Socket;
  readonly #most: number;
  readonly #chunks: Buffer[] = [];
  #held = 0;
  #lost: Error | null = null;
  #wake: () => void = () => undefined;
  /** All that came in so far. */
  bytes: number;

  /** `most`: what may come in at all; `bytes`: what came before TLS. */
  constructor(socket: Socket, { most, bytes = 0 }: { most: number; bytes?: number }) {
    this.#socket = socket;
    this.#most = most;
    this.bytes = bytes;
    socket.on('data', this.#take);
    socket.on('error', this.#fail);
    socket.on('close', this.#close);
  }

  /** Rejects with ImapGarbled, or with what ended the connection. */
  async next(): Promise<ImapResponse> {
    let text = '';
    const literals: Buffer[] = [];
    for (;;) {
      const line = (await this.#line()).toString('latin1').replace(/\r?\n$/, '');
      if (line.includes('\0')) throw new ImapGarbled('a line with a NUL');
      if (text.length + line.length > mostLine) throw new ImapGarbled('a line that is too long');
      const marker = /\{(\d{1,15})\}$/.exec(line);
      if (marker === null) return { text: text + line, literals };
      const size = Number(marker[1]);
      if (size > mostLiteral) throw new ImapGarbled(`a literal of ${size} bytes`);
      text += `${line.slice(0, marker.index)}\0`;
      literals.push(await this.#exactly(size));
    }
  }

  /** Lets go of the socket, for what begins on it now. Throws ImapGarbled if something came that nobody asked for. */
  release(): void {
    this.#socket.pause();
    this.#socket.off('data', this.#take);
    this.#socket.off('error', this.#fail);
    this.#socket.off('close', this.#close);
    // What ends it is told by the TLS on it.
    this.#socket.on('error', () => undefined);
    // Said in the clear, it would be heard as if TLS had vouched for it.
    if (this.#chunks.length > 0) throw new ImapGarbled('words between STARTTLS and TLS');
  }

  async #line(): Promise<Buffer> {
    let scanned = 0;
    let length = 0;
    for (;;) {
      for (let chunk = this.#chunks[scanned]; chunk !== undefined; chunk = this.#chunks[scanned]) {
        const at = chunk.indexOf(10);
        if (at !== -1) return this.#cut(length + at + 1);
        length += chunk.length;
        scanned += 1;
      }
      await this.#more();
    }
  }

  async #exactly(size: number): Promise<Buffer> {
    while (this.#held < size) await this.#more();
    return this.#cut(size);
  }

  #cut(size: number): Buffer {
    const parts: Buffer[] = [];
    let left = size;
    this.#held -= size;
    while (left > 0) {
      const chunk = this.#chunks.shift() ?? Buffer.alloc(0);
      parts.push(chunk.subarray(0, left));
      if (chunk.length > left) this.#chunks.unshift(chunk.subarray(left));
      left -= Math.min(left, chunk.length);
    }
    return Buffer.concat(parts);
  }

  async #more(): Promise<void> {
    if (this.#lost !== null) throw this.#lost;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  readonly #take = (chunk: Buffer) => {
    this.bytes += chunk.length;
    if (this.bytes > this.#most) {
      this.#fail(new ImapGarbled('more than comes in at once'));
      this.#socket.destroy();
      return;
    }
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    this.#wake();
  };

  readonly #fail = (error: Error) => {
    this.#lost ??= error;
    this.#wake();
  };

  readonly #close = () => this.#fail(new Error('closed'));
}
