import { StartProblem } from '../../config/start-problem.js';
import type { KeyService } from './key-service.js';

/** The root key that wraps, and those before it, which still unwrap while they are replaced. */
export interface RootKeySet {
  current: KeyService;
  before: readonly KeyService[];
}

/** The root keys of this process. `read` finds them again, for another process may have rotated the file. */
export class RootKeys {
  #set: RootKeySet;

  private constructor(
    set: RootKeySet,
    private readonly read: () => Promise<RootKeySet>,
    private readonly makeAnew: (() => Promise<void>) | null,
  ) {
    this.#set = set;
  }

  /** `makeAnew` puts a new root key in the place of the current one, where that is ours to do. */
  static async open(read: () => Promise<RootKeySet>, makeAnew: (() => Promise<void>) | null = null): Promise<RootKeys> {
    return new RootKeys(await read(), read, makeAnew);
  }

  /** One that never changes. */
  static only(current: KeyService): RootKeys {
    const set = { current, before: [] };
    return new RootKeys(set, async () => set, null);
  }

  get current(): KeyService {
    return this.#set.current;
  }

  get all(): readonly KeyService[] {
    return [this.#set.current, ...this.#set.before];
  }

  /** The root key of that fingerprint. Rejects with StartProblem. */
  async get(fingerprint: string): Promise<KeyService> {
    const known = this.#find(fingerprint);
    if (known !== undefined) return known;
    await this.reload();
    const found = this.#find(fingerprint);
    if (found === undefined) throw anotherRoot(fingerprint, this.current);
    return found;
  }

  /** False for a root key that somebody else keeps: a variable, a key service. */
  async replace(): Promise<boolean> {
    if (this.makeAnew === null) return false;
    await this.makeAnew();
    await this.reload();
    return true;
  }

  async reload(): Promise<void> {
    this.#set = await this.read();
  }

  #find(fingerprint: string): KeyService | undefined {
    return this.all.find((one) => one.fingerprint === fingerprint);
  }
}

function anotherRoot(sealedWith: string, present: KeyService): StartProblem {
  return new StartProblem(
    `This database was sealed with another root key (fingerprint ${sealedWith}; ${present.name} is ${present.fingerprint}): set SLUICE_ROOT_KEY or SLUICE_KMS to that key, or put its root.key back into the data folder.`,
  );
}
