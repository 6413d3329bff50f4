import { hash } from 'node:crypto';

/** A value too large for a row: sealed already, so whoever holds the store reads nothing. */
export interface BlobPlace {
  keepDays: number;
  /** YYYY-MM-DD: goes when the tables of its day go. */
  day: string;
  /** Whose it is, e.g. `run|step|attempt|kind`. */
  of: string;
}

/** Where large values lie. A name is a path of plain words; a blob never changes. */
export interface BlobStore {
  /** Settles once it will survive a power cut. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** Throws when there is none. */
  get(name: string): Promise<Buffer>;
  /** Names of what lies under a prefix that ends with a slash, one level deep: folders, without their slash. */
  folders(prefix: string): Promise<string[]>;
  /** Everything under a prefix that ends with a slash. */
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
