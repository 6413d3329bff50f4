import type { KeyObject } from 'node:crypto';
import { SealBroken } from './gcm.js';

/** The versions of one key that are in use: one seals, each of them opens. Whoever holds a set sees a rotation. */
export class KeySet {
  #keys: ReadonlyMap<number, KeyObject>;
  #version: number;
  #key: KeyObject;

  /** By version. `unknown` is one so new that others may not have it: it opens and does not seal yet. */
  constructor(keys: ReadonlyMap<number, KeyObject>, unknown?: number) {
    this.#keys = keys;
    const known = [...keys.keys()].filter((version) => version !== unknown);
    this.#version = Math.max(...(known.length === 0 ? keys.keys() : known));
    this.#key = this.find(this.#version);
  }

  /** What seals. */
  get version(): number {
    return this.#version;
  }

  get key(): KeyObject {
    return this.#key;
  }

  get newest(): number {
    return Math.max(...this.#keys.keys());
  }

  /** Throws SealBroken when there is no such version, or it is retired. */
  find(version: number): KeyObject {
    const key = this.#keys.get(version);
    if (key === undefined) throw new SealBroken();
    return key;
  }

  /** Takes over the versions of another reading of the same key. */
  take(other: KeySet): void {
    this.#keys = other.#keys;
    this.#version = other.#version;
    this.#key = other.#key;
  }
}
