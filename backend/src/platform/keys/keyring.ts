import type { KeyObject } from 'node:crypto';
import type { Changes, SqlRunner } from '../changes.js';
import type { Clock } from '../clock.js';
import type { KeySet } from './key-set.js';
import type { RootKeys } from './root-keys.js';
import { type KeyDatabase, type KeyPlace, type KeyPurpose, learnMilliseconds, WrappedKeys } from './wrapped-keys.js';

/** Unwrapped keys are kept no longer than this (requirement D4: a key service that is gone must be felt). */
export const keepMilliseconds = 5 * 60_000;
/** Asked for after this, a key is read again while the one at hand still serves: nobody waits for a key service. */
const renewMilliseconds = 4 * 60_000;
/** After one that failed, while a key service is away. */
const renewAgainMilliseconds = 5000;

/** The id of a change of `keys` that is of the root key. Else it is the name of a key, as `keyName` gives it. */
export const rootChanged = 'root';

interface Kept {
  keys: Promise<KeySet>;
  until: number;
  renewFrom: number;
}

interface KeyringParts {
  database: KeyDatabase;
  root: RootKeys;
  clock: Pick<Clock, 'now'>;
  /** Tells of rotations. Without it they are seen when the keys are read again. */
  changes?: Pick<Changes, 'on'>;
}

/** The keys under the root key: one per workspace, environment and purpose, made when first asked for. */
export class Keyring {
  readonly root: RootKeys;
  readonly #wrapped: WrappedKeys;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #kept = new Map<string, Kept>();
  /** For each key one object as long as somebody holds it, a run under way for one: it follows rotations. */
  readonly #held = new Map<string, { place: KeyPlace; keys: WeakRef<KeySet> }>();

  constructor({ database, root, clock, changes }: KeyringParts) {
    this.root = root;
    this.#wrapped = new WrappedKeys(database, root);
    this.#clock = clock;
    changes?.on('keys', (ids) => this.renew(ids));
    setInterval(() => this.#clear(), keepMilliseconds / 10).unref();
  }

  /** The newest version, for keys that only compare (HMAC) and have but one. Rejects as `keys` does. */
  async key(workspace: string, environment: string, purpose: KeyPurpose): Promise<KeyObject> {
    return (await this.keys(workspace, environment, purpose)).key;
  }

  /** Rejects with StartProblem (another root key), KeyServiceAway and SealBroken. */
  keys(workspace: string, environment: string, purpose: KeyPurpose): Promise<KeySet> {
    const place = { workspace, environment, purpose };
    const kept = this.#kept.get(keyName(place));
    const now = this.#clock.now();
    if (kept === undefined || now >= kept.until) return this.#keep(place);
    if (now >= kept.renewFrom) this.#renew(place);
    return kept.keys;
  }

  /** The keys that open `sealed` (`v<version>.`), which may be newer than what is at hand. */
  async keysFor(place: KeyPlace, sealed: string): Promise<KeySet> {
    const keys = await this.keys(place.workspace, place.environment, place.purpose);
    const version = Number(/^v(\d{1,9})\./.exec(sealed)?.[1] ?? 0);
    return version > keys.newest ? await this.refresh(place) : keys;
  }

  /** Reads the keys again, now. What is at hand stays when that fails. */
  async refresh(place: KeyPlace): Promise<KeySet> {
    return await (this.#kept.has(keyName(place)) ? this.#read(place) : this.#keep(place));
  }

  /** Reads again what is in use and named; all for null. */
  renew(names: readonly string[] | null = null): void {
    if (names === null || names.includes(rootChanged)) void this.root.reload().catch(() => undefined);
    for (const [name, { place }] of this.#held) if (names === null || names.includes(name)) this.#renew(place);
  }

  /** Refuses a database that another root key sealed. Throws StartProblem. */
  async verify(): Promise<void> {
    await this.#wrapped.verify();
  }

  /** Makes a version in the caller's transaction and answers its key. Whoever commits it tells of a change of `keys`. */
  async addVersion(transaction: SqlRunner, place: KeyPlace, version: number): Promise<KeyObject> {
    return await this.#wrapped.add(transaction, place, version);
  }

  /** Destroys a version at once, for a key that seals nothing that has to be opened again. */
  async destroyVersion(transaction: SqlRunner, place: KeyPlace, version: number): Promise<void> {
    await this.#wrapped.destroy(transaction, place, version);
  }

  #keep(place: KeyPlace): Promise<KeySet> {
    const name = keyName(place);
    const now = this.#clock.now();
    const keys = this.#read(place);
    const kept = { keys, until: now + keepMilliseconds, renewFrom: now + renewMilliseconds };
    this.#kept.set(name, kept);
    keys.catch(() => {
      if (this.#kept.get(name) === kept) this.#kept.delete(name);
    });
    return keys;
  }

  /** What can't be read now is read again later, and ends in its time. */
  #renew(place: KeyPlace): void {
    const now = this.#clock.now();
    const kept = this.#kept.get(keyName(place));
    if (kept !== undefined) kept.renewFrom = Infinity;
    this.#read(place).then(
      () => {
        if (kept === undefined) return;
        kept.until = now + keepMilliseconds;
        kept.renewFrom = now + renewMilliseconds;
      },
      () => {
        if (kept !== undefined) kept.renewFrom = now + renewAgainMilliseconds;
      },
    );
  }

  /** Into the object that others hold. */
  async #read(place: KeyPlace): Promise<KeySet> {
    const name = keyName(place);
    const { workspace, environment, purpose } = place;
    const read = await this.#wrapped.read(place);
    const keys = this.#held.get(name)?.keys.deref() ?? read;
    if (keys === read) this.#held.set(name, { place: { workspace, environment, purpose }, keys: new WeakRef(read) });
    else keys.take(read);
    // By then everybody knows the newest version, and it seals.
    if (keys.newest > keys.version) setTimeout(() => this.#renew(place), learnMilliseconds).unref();
    return keys;
  }

  #clear(): void {
    const now = this.#clock.now();
    for (const [name, { until }] of this.#kept) if (now >= until) this.#kept.delete(name);
    for (const [name, { keys }] of this.#held) if (keys.deref() === undefined) this.#held.delete(name);
  }
}

/** As changes of `keys` name it. */
export function keyName({ workspace, environment, purpose }: KeyPlace): string {
  return `${purpose}|${workspace}|${environment}`;
}
