import type { Duplex } from 'node:stream';
import { mostRowBytes, TooMuchAtOnce } from './sql-session.js';

/** With room for what is around a row of the most bytes. */
const mostMessageBytes = mostRowBytes + 64 * 1024;

/** How a protocol says where a message ends. */
interface Framing {
  headBytes: number;
  /** Of what follows the head. */
  bodyBytes(head: Buffer): number;
}

/** One letter, and the length that counts itself (PostgreSQL documentation, "Message Formats"). */
export const postgresFraming: Framing = { headBytes: 5, bodyBytes: (head) => head.readUInt32BE(1) - 4 };
/** Three bytes of length, and a number (MySQL documentation, "MySQL Packets"). One of 16 MiB goes on in the next, and is too large here. */
export const mysqlFraming: Framing = { headBytes: 4, bodyBytes: (head) => head.readUIntLE(0, 3) };

/**
 * Has the library hear what the server says, message by message of a bounded size. It gathers a message whole however long,
 * and throws at one that is wrong: out of a socket's handler that would end the process. Here it ends the connection.
 */
export function guardMessages(stream: Duplex, framing: Framing): void {
  const sizes = new MessageSizes(framing);
  // Last: what came whole before a message that is too large still counts.
  listenBetween(stream, (chunk, hear) => {
    hear();
    sizes.take(chunk);
  });
}

/** The same for a greeting in the clear: anything after it may be somebody else's word, and ends the connection unheard. */
export function guardGreeting(stream: Duplex, framing: Framing): void {
  const sizes = new MessageSizes(framing, 1);
  listenBetween(stream, (chunk, hear) => {
    sizes.take(chunk);
    hear();
  });
}

function listenBetween(stream: Duplex, take: (chunk: Buffer, hear: () => void) => void): void {
  const heard = stream.listeners('data');
  stream.removeAllListeners('data');
  stream.on('data', (chunk: Buffer) => {
    try {
      take(chunk, () => {
        for (const hear of heard) hear.call(stream, chunk);
      });
    } catch (error) {
      stream.destroy(error instanceof Error ? error : new Error('unreadable'));
    }
  });
}

class MessageSizes {
  readonly #framing: Framing;
  readonly #head: Buffer;
  #headAt = 0;
  /** Of the message that is coming in. */
  #left = 0;
  #messagesLeft: number;

  constructor(framing: Framing, mostMessages = Number.POSITIVE_INFINITY) {
    this.#framing = framing;
    this.#head = Buffer.alloc(framing.headBytes);
    this.#messagesLeft = mostMessages;
  }

  take(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      const isBody = this.#left > 0;
      const count = Math.min(isBody ? this.#left : this.#head.length - this.#headAt, chunk.length - at);
      if (isBody) this.#left -= count;
      else this.#readHead(chunk.subarray(at, at + count));
      at += count;
    }
  }

  #readHead(bytes: Buffer): void {
    if (this.#messagesLeft === 0) throw new Error('more than one message in the clear');
    this.#head.set(bytes, this.#headAt);
    this.#headAt += bytes.length;
    if (this.#headAt < this.#head.length) return;
    this.#headAt = 0;
    this.#messagesLeft -= 1;
    this.#left = this.#framing.bodyBytes(this.#head);
    if (this.#left < 0) throw new Error('a message shorter than its length');
    if (this.#left > mostMessageBytes) throw new TooMuchAtOnce('a message is larger than is read');
  }
}
