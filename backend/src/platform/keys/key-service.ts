import type { KeyObject } from 'node:crypto';

/** A key as a root key wrapped it. */
export interface Wrapped {
  text: string;
  /** Of the root key that wrapped it; changes when the root key is rotated where it lives. */
  version: string;
}

export type KeyHealth = { ok: true; milliseconds: number } | { ok: false; message: string };

/** Holds a root key and never gives it out. What it wraps opens under the same `place` only. */
export interface KeyService {
  /** Tells this root key from another and says nothing about it: 16 hex digits. */
  readonly fingerprint: string;
  /** For people, as a part of a sentence: `the file /srv/data/root.key`. */
  readonly name: string;
  /** Rejects with KeyServiceAway. */
  currentVersion(): Promise<string>;
  wrap(key: KeyObject, place: string): Promise<Wrapped>;
  /** Rejects with SealBroken when it was changed, moved, or wrapped by another key; with KeyServiceAway. */
  unwrap(text: string, place: string): Promise<KeyObject>;
  /** The same key, wrapped by the current version. */
  rewrap(text: string, place: string): Promise<Wrapped>;
  /** Wraps and unwraps a key of no use. Never rejects. */
  health(): Promise<KeyHealth>;
}

/** The key service can't be asked, or refuses: nothing is sealed or opened until it answers. The message says what to do. */
export class KeyServiceAway extends Error {
  override readonly name = 'KeyServiceAway';
}
