import type { KeyObject } from 'node:crypto';
import { SealBroken } from '../platform/keys/gcm.js';
import type { Keyring } from '../platform/keys/keyring.js';
import type { KeySet } from '../platform/keys/key-set.js';
import { open } from '../platform/keys/sealing.js';
import { takeKey } from '../platform/keys/secret-key.js';
import { readSealed, type SealedAuth } from './credential.js';
import { refused } from './refusal.js';
import type { Standing } from './standing.js';
import { type SecretOf, secretPlace } from './vault.js';

/** Unsealed secrets are kept no longer than this. */
const keepMilliseconds = 5 * 60_000;
const keepSecrets = 5000;

/** Unseals what a connection proves itself with. Kept as key objects, which no log or error can print. */
export class Secrets {
  readonly #keyring: Keyring;
  readonly #now: () => number;
  readonly #kept = new Map<string, { sealed: string; auth: KeyObject; until: number }>();

  constructor({ keyring, now }: { keyring: Keyring; now: () => number }) {
    this.#keyring = keyring;
    this.#now = now;
  }

  /** Rejects with CallEnded when there is none, or when it was changed or moved. */
  async find(id: string, standing: Standing): Promise<SealedAuth> {
    if (standing.auth_kind === 'none') return { kind: 'none' };
    const { sealed, secret_version: version } = standing;
    if (sealed === null) throw refused('broker.no_secret', "The connection's secret is gone: enter it again.");
    const now = this.#now();
    const kept = this.#kept.get(id);
    if (kept !== undefined && kept.sealed === sealed && now < kept.until) return read(kept.auth);
    const { workspace_id: workspace, environment } = standing;
    const auth = await this.#open(sealed, { workspace, environment, id, version });
    if (this.#kept.size >= keepSecrets) this.#kept.clear();
    this.#kept.set(id, { sealed, auth, until: now + keepMilliseconds });
    return read(auth);
  }

  /** The version before, while it is kept; null: it is not. Rejects with CallEnded. */
  async findBefore(id: string, { kept, workspace_id: workspace, environment }: Standing): Promise<SealedAuth | null> {
    if (kept === null) return null;
    return read(await this.#open(kept.sealed, { workspace, environment, id, version: kept.version }));
  }

  async #open(sealed: string, secret: SecretOf): Promise<KeyObject> {
    const { workspace, environment } = secret;
    return unseal(await this.#keyring.keysFor({ workspace, environment, purpose: 'secret' }, sealed), sealed, secret);
  }

  /** Null: all. */
  forget(ids: readonly string[] | null): void {
    if (ids === null) this.#kept.clear();
    else for (const id of ids) this.#kept.delete(id);
  }
}

function unseal(keys: KeySet, sealed: string, secret: SecretOf): KeyObject {
  try {
    return takeKey(open(keys, sealed, secretPlace(secret)));
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    throw refused('broker.secret_broken', "The connection's secret can't be opened: enter it again.");
  }
}

function read(auth: KeyObject): SealedAuth {
  return readSealed(auth.export().toString('utf8'));
}
