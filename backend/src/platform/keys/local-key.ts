import type { KeyObject } from 'node:crypto';
import type { KeyHealth, KeyService, Wrapped } from './key-service.js';
import { hmacHex, unwrapKey, wrapKey } from './secret-key.js';

/** It is given whole or not at all: another key is another fingerprint, not another version. */
const onlyVersion = '1';

/** A root key in this process's memory, from a file or a variable. */
export class LocalKey implements KeyService {
  readonly fingerprint: string;
  readonly #key: KeyObject;

  constructor(
    key: KeyObject,
    readonly name: string,
  ) {
    this.#key = key;
    this.fingerprint = hmacHex(key, 'sluice root key').slice(0, 16);
  }

  async currentVersion(): Promise<string> {
    return onlyVersion;
  }

  async wrap(key: KeyObject, place: string): Promise<Wrapped> {
    return { text: wrapKey(this.#key, key, place), version: onlyVersion };
  }

  async unwrap(text: string, place: string): Promise<KeyObject> {
    return unwrapKey(this.#key, text, place);
  }

  async rewrap(text: string, place: string): Promise<Wrapped> {
    return await this.wrap(await this.unwrap(text, place), place);
  }

  async health(): Promise<KeyHealth> {
    return { ok: true, milliseconds: 0 };
  }
}
