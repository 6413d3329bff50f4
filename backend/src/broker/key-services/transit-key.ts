import { hash, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { SealBroken } from '../../platform/keys/gcm.js';
import { type KeyHealth, type KeyService, KeyServiceAway, type Wrapped } from '../../platform/keys/key-service.js';
import { takeKey } from '../../platform/keys/secret-key.js';
import { checkHealth } from './check-health.js';
import { GuardedLine, type LineOptions } from './guarded-line.js';

interface TransitOptions extends LineOptions {
  /** Where the engine is mounted: `transit`. */
  mount: string;
  key: string;
  /** Read anew at each question that the service refuses. Throws KeyServiceAway. */
  token: (refused: boolean) => string;
}

const keySchema = z.object({ data: z.object({ latest_version: z.int() }) });
const ciphertextSchema = z.object({ data: z.object({ ciphertext: z.string().regex(/^vault:v\d+:/) }) });
const plaintextSchema = z.object({ data: z.object({ plaintext: z.base64() }) });

const keyBytes = 32;

/**
 * A root key in the transit engine of Vault or OpenBao
 * (https://openbao.org/api-docs/secret/transit/). What is wrapped is the key and the hash of its place: the engine's
 * `rewrap` takes no associated data, and with it no key has to leave the engine when it is rotated.
 */
export class TransitKey implements KeyService {
  readonly fingerprint: string;
  readonly name: string;
  readonly #line: GuardedLine;
  readonly #options: TransitOptions;

  constructor(options: TransitOptions) {
    const { mount, key, origin } = options;
    this.#options = options;
    this.#line = new GuardedLine(options);
    this.name = `the key "${key}" of ${origin}/${mount}`;
    // Without the address: a service may move.
    this.fingerprint = hash('sha256', `transit|${mount}|${key}`).slice(0, 16);
  }

  async currentVersion(): Promise<string> {
    const { data } = await this.#ask('keys', keySchema);
    return String(data.latest_version);
  }

  async wrap(key: KeyObject, place: string): Promise<Wrapped> {
    // Asked to encrypt with a key that it doesn't have, the engine may make one.
    await this.currentVersion();
    const bytes = Buffer.concat([key.export(), digest(place)]);
    const plaintext = bytes.toString('base64');
    bytes.fill(0);
    return versioned(await this.#ask('encrypt', ciphertextSchema, { plaintext }));
  }

  async unwrap(text: string, place: string): Promise<KeyObject> {
    const { data } = await this.#ask('decrypt', plaintextSchema, { ciphertext: text });
    const bytes = Buffer.from(data.plaintext, 'base64');
    if (bytes.length !== keyBytes * 2 || !bytes.subarray(keyBytes).equals(digest(place))) throw new SealBroken();
    return takeKey(bytes.subarray(0, keyBytes));
  }

  async rewrap(text: string, place: string): Promise<Wrapped> {
    const rewrapped = await this.#ask('rewrap', ciphertextSchema, { ciphertext: text });
    // Proves the place, and that the new text opens before the old one is gone.
    await this.unwrap(rewrapped.data.ciphertext, place);
    return versioned(rewrapped);
  }

  async health(): Promise<KeyHealth> {
    return await checkHealth(this, this.#options.now);
  }

  async close(): Promise<void> {
    await this.#line.close();
  }

  async #ask<T>(verb: string, schema: z.ZodType<T>, body?: object): Promise<T> {
    const { mount, key } = this.#options;
    const send = (refused: boolean) =>
      this.#line.ask(() => ({
        method: body === undefined ? 'GET' : 'POST',
        path: `/v1/${mount}/${verb}/${key}`,
        headers: {
          'x-vault-token': this.#options.token(refused),
          'x-vault-request': 'true',
          'content-type': 'application/json',
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }));
    let answer = await send(false);
    if (answer.status === 403) answer = await send(true);
    if (answer.status === 200) {
      const parsed = schema.safeParse(answer.body);
      if (parsed.success) return parsed.data;
    }
    // The engine says 400 to a ciphertext that is not its own, was changed, or is older than it may still open.
    if (answer.status === 400 && (verb === 'decrypt' || verb === 'rewrap')) throw new SealBroken(answer.body);
    throw new KeyServiceAway(this.#explain(answer.status, verb));
  }

  #explain(status: number, verb: string): string {
    const { mount, key, origin } = this.#options;
    switch (status) {
      case 403:
        return `The key service at ${origin} refuses the token: give SLUICE_KMS_TOKEN a valid one whose policy allows ${verb} with ${mount}/${key}.`;
      case 404:
        return `The key service at ${origin} has no key ${mount}/${key}: make it there, or correct SLUICE_KMS.`;
      default:
        return `The key service at ${origin} answered ${status} to ${verb}, which Sluice does not understand: check that SLUICE_KMS names a transit engine.`;
    }
  }
}

function versioned({ data }: z.output<typeof ciphertextSchema>): Wrapped {
  return { text: data.ciphertext, version: data.ciphertext.split(':')[1]?.slice(1) ?? '' };
}

function digest(place: string): Buffer {
  return hash('sha256', place, 'buffer');
}
