/** A frame is the length of its text in four bytes, and the text: JSON. One holds one call or one answer. */
const headBytes = 4;
/** A body of 10 MiB, in the worst of spellings: six bytes for one. */
const maxFrameBytes = 128 * 1024 * 1024;

export function encodeFrames(items: readonly unknown[]): Buffer {
  return Buffer.concat(items.flatMap((item) => encodeFrame(item)));
}

function encodeFrame(item: unknown): [head: Buffer, text: Buffer] {
  const text = Buffer.from(JSON.stringify(item));
  const head = Buffer.allocUnsafe(headBytes);
  head.writeUInt32BE(text.length);
  return [head, text];
}

/** Puts frames together again, however the stream was cut. */
export class FrameReader {
  #parts: Buffer[] = [];
  #held = 0;
  #wanted = headBytes;
  #isHead = true;

  /** The items that are whole now. Throws when this can't be a stream of frames. */
  read(chunk: Buffer): unknown[] {
    this.#parts.push(chunk);
    this.#held += chunk.length;
    const items: unknown[] = [];
    while (this.#held >= this.#wanted) {
      const piece = this.#take(this.#wanted);
      if (!this.#isHead) items.push(JSON.parse(piece.toString('utf8')));
      this.#wanted = this.#isHead ? piece.readUInt32BE() : headBytes;
      this.#isHead = !this.#isHead;
      if (this.#wanted > maxFrameBytes) throw new Error(`a frame of ${this.#wanted} bytes`);
    }
    return items;
  }

  #take(bytes: number): Buffer {
    const all = this.#parts.length === 1 ? this.#parts[0] : undefined;
    const whole = all ?? Buffer.concat(this.#parts, this.#held);
    this.#held -= bytes;
    this.#parts = this.#held === 0 ? [] : [whole.subarray(bytes)];
    return whole.subarray(0, bytes);
  }
}
