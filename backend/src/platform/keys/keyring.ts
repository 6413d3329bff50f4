import type { KeyObject } from 'node:crypto';
import { StartProblem } from '../../config/start-problem.js';
import type { Clock } from '../clock.js';
import type { RootKey } from './root-key.js';
import { newKey, unwrapKey, wrapKey } from './secret-key.js';

/** What a key is for; each has its own, so that a value sealed for one can't be read as another. */
export type KeyPurpose =
  | 'secret'
  | 'payload'
  | 'member'
  | 'endpoint'
  | 'commitment'
  | 'idempotency'
  | 'callback'
  | 'session'
  | 'capability'
  | 'checkpoint'
  | 'login'
  | 'masking';

/** What the keyring needs of a database: a pg Pool or Client. */
export interface KeyDatabase {
  query(sql: string, values: unknown[]): Promise<{ rows: { wrapped: string; root_fingerprint: string }[] }>;
}

/** Unwrapped keys are kept no longer than this (requirement D4: a key service that is gone must be felt). */
const keepMilliseconds = 5 * 60_000;
const keyVersion = 1;

/** The keys under the root key: one per workspace, environment and purpose, made when first asked for. */
export class Keyring {
  readonly #database: KeyDatabase;
  readonly #root: RootKey;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #unwrapped = new Map<string, { key: Promise<KeyObject>; until: number }>();

  constructor({ database, root, clock }: { database: KeyDatabase; root: RootKey; clock: Pick<Clock, 'now'> }) {
    this.#database = database;
    this.#root = root;
    this.#clock = clock;
  }

  /** `''` as the environment: of the whole workspace. `''` as the workspace: of the installation. Throws StartProblem. */
  key(workspace: string, environment: string, purpose: KeyPurpose): Promise<KeyObject> {
    const place = `${purpose}|${workspace}|${environment}|${keyVersion}`;
    const now = this.#clock.now();
    const found = this.#unwrapped.get(place);
    if (found !== undefined && now < found.until) return found.key;
    const key = this.#load({ workspace, environment, purpose, place });
    this.#unwrapped.set(place, { key, until: now + keepMilliseconds });
    key.catch(() => this.#unwrapped.delete(place));
    return key;
  }

  /** Refuses a database whose keys another root key wrapped. Throws StartProblem. */
  async verify(): Promise<void> {
    const { rows } = await this.#database.query(
      'select wrapped, root_fingerprint from wrapped_key where root_fingerprint <> $1 limit 1',
      [this.#root.fingerprint],
    );
    if (rows[0] !== undefined) throw anotherRoot(rows[0].root_fingerprint, this.#root.fingerprint);
  }

  async #load(wanted: {
    workspace: string;
    environment: string;
    purpose: KeyPurpose;
    place: string;
  }): Promise<KeyObject> {
    const { workspace, environment, purpose, place } = wanted;
    const columns = [workspace, environment, purpose, keyVersion];
    const find = () =>
      this.#database.query(
        'select wrapped, root_fingerprint from wrapped_key where workspace_id = $1 and environment = $2 and purpose = $3 and version = $4',
        columns,
      );
    let row = (await find()).rows[0];
    if (row === undefined) {
      // A database of another root key must not gain keys of this one.
      await this.verify();
      await this.#database.query(
        `insert into wrapped_key (workspace_id, environment, purpose, version, wrapped, root_fingerprint)
         values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
        [...columns, wrapKey(this.#root.key, newKey(), place), this.#root.fingerprint],
      );
      // Whoever was first has decided; everyone reads the same.
      row = (await find()).rows[0];
    }
    if (row === undefined) throw new Error('A wrapped key vanished after it was stored');
    if (row.root_fingerprint !== this.#root.fingerprint)
      throw anotherRoot(row.root_fingerprint, this.#root.fingerprint);
    return unwrapKey(this.#root.key, row.wrapped, place);
  }
}

function anotherRoot(sealedWith: string, present: string): StartProblem {
  return new StartProblem(
    `This database was sealed with another root key (fingerprint ${sealedWith}, not ${present}): set SLUICE_ROOT_KEY to that key, or put its root.key back into the data folder.`,
  );
}
