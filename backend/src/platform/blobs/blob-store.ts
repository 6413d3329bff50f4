import { hash } from 'node:crypto';
import type { Readable } from 'node:stream';

/** A value too large for a row: sealed already, so whoever holds the store reads nothing. */
export interface BlobPlace {
  keepDays: number;
  /** YYYY-MM-DD: goes when the tables of its day go. */
  day: string;
  /** Whose it is, e.g. `run|step|attempt|kind|once`. */
  of: string;
}

/** There is no blob of that name: unlike a store that is away, for good. */
export class BlobMissing extends Error {
  override readonly name = 'BlobMissing';
}

/** Where large values lie. A name is a path of plain words; a blob never changes. */
export interface BlobStore {
  /** Settles once it will survive a power cut. A stream that breaks off leaves nothing behind. */
  put(name: string, bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<void>;
  /** Throws BlobMissing when there is none. */
  get(name: string): Promise<Buffer>;
  /** The same as a stream. Throws BlobMissing when there is none; whoever asks reads it to its end or destroys it. */
  open(name: string): Promise<Readable>;
  /** Names of what lies under a prefix that ends with a slash, one level deep: folders, without their slash. */
  folders(prefix: string): Promise<string[]>;
  /** One blob, or everything under a prefix that ends with a slash. */
  remove(prefix: string): Promise<void>;
}

/** By day first, so that retention takes whole folders. Of what it holds the name tells nothing. */
export function blobName({ keepDays, day, of }: BlobPlace): string {
  return `k${keepDays}/${day}/${hash('sha256', of, 'hex')}`;
}

/** Takes the days from `from` to before `to` away. */
export async function removeBlobDays(
  store: BlobStore,
  { keepDays, from, to }: { keepDays: number; from: string; to: string },
): Promise<void> {
  const days = await store.folders(`k${keepDays}/`);
  for (const day of days) if (day >= from && day < to) await store.remove(`k${keepDays}/${day}/`);
}
