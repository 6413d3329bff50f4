import type { Duplex } from 'node:stream';
import { mostRowBytes, TooMuchAtOnce } from './sql-session.js';

/** With room for what is around a row of the most bytes. */
const mostMessageBytes = mostRowBytes + 64 * 1024;
/** One letter, and the length that counts itself (PostgreSQL documentation, "Message Formats"). */
const headBytes = 5;

/**
 * Has the library hear what the server says, message by message of a bounded size. It gathers a message whole however long,
 * and throws at one that is wrong: out of a socket's handler that would end the process. Here it ends the connection.
 */
export function guardMessages(stream: Duplex): void {
  const sizes = new MessageSizes();
  const heard = stream.listeners('data');
  stream.removeAllListeners('data');
  stream.on('data', (chunk: Buffer) => {
    try {
      for (const hear of heard) hear.call(stream, chunk);
      // Last: what came whole before a message that is too large still counts.
      sizes.take(chunk);
    } catch (error) {
      stream.destroy(error instanceof Error ? error : new Error('unreadable'));
    }
  });
}

class MessageSizes {
  readonly #head = Buffer.alloc(headBytes);
  #headAt = 0;
  /** Of the message that is coming in. */
  #left = 0;

  take(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      const isBody = this.#left > 0;
      const count = Math.min(isBody ? this.#left : headBytes - this.#headAt, chunk.length - at);
      if (isBody) this.#left -= count;
      else this.#readHead(chunk.subarray(at, at + count));
      at += count;
    }
  }

  #readHead(bytes: Buffer): void {
    bytes.copy(this.#head, this.#headAt);
    this.#headAt += bytes.length;
    if (this.#headAt < headBytes) return;
    this.#headAt = 0;
    this.#left = this.#head.readUInt32BE(1) - 4;
    if (this.#left < 0) throw new Error('a message shorter than its length');
    if (this.#left > mostMessageBytes) throw new TooMuchAtOnce('a message is larger than is read');
  }
}
