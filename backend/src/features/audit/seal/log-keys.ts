import { readCheckpoint, writeNoteKey } from '@sluice/shared/audit';
import type { KeyObject } from 'node:crypto';
import { type SealKey, sealKeyOf, sha256 } from '../../../journal/seal-key.js';
import { SealBroken } from '../../../platform/keys/gcm.js';
import type { Keyring } from '../../../platform/keys/keyring.js';
import type { KeyPlace } from '../../../platform/keys/wrapped-keys.js';
import type { SealRepository, Tx } from './seal.repository.js';
import { SealTrouble } from './seal-trouble.js';

/** Where the keyring has the seeds. */
export const logKeyPlace: KeyPlace = { workspace: '', environment: '', purpose: 'checkpoint' };

export interface LogKey extends SealKey {
  version: number;
}

/** The key that signs the log: the first one, or the one that the last rotation named. */
export class LogKeys {
  private known: LogKey | null = null;

  constructor(
    private readonly seals: SealRepository,
    private readonly keyring: Keyring,
    /** What a log is called that has no checkpoint yet. */
    private readonly firstOrigin: string,
  ) {}

  /** Throws SealTrouble when it is not there, or another than the rotation named. */
  async inForce(tx: Tx): Promise<LogKey> {
    const last = (await this.seals.rotations(tx)).at(-1);
    const version = last?.version ?? 1;
    if (this.known?.version === version) return this.known;
    const latest = await this.seals.latest(tx);
    // A log keeps its name for life, wherever it is reached by now.
    const origin = latest === null ? undefined : readCheckpoint(latest.note)?.checkpoint.origin;
    const key = this.open(await this.seed(version), { version, origin: origin ?? this.firstOrigin });
    if (last !== undefined && writeNoteKey(key.noteKey, sha256) !== last.key)
      throw new SealTrouble(
        'The key that signs the log is another one than its last rotation named: one of them was changed; restore the database from a backup.',
      );
    this.known = key;
    return key;
  }

  open(seed: KeyObject, { version, origin }: { version: number; origin: string }): LogKey {
    return { version, ...sealKeyOf(seed, origin) };
  }

  private async seed(version: number): Promise<KeyObject> {
    const { workspace, environment, purpose } = logKeyPlace;
    const keys = await this.keyring.keys(workspace, environment, purpose);
    try {
      return keys.find(version);
    } catch {
      // Another process may have made it since.
      return await this.again(version);
    }
  }

  private async again(version: number): Promise<KeyObject> {
    const keys = await this.keyring.refresh(logKeyPlace);
    try {
      return keys.find(version);
    } catch (error) {
      if (!(error instanceof SealBroken)) throw error;
      throw new SealTrouble(
        `The key that signs the log (version ${version}) is gone: a rotation was taken out of the database, or the key was. Restore it from a backup.`,
      );
    }
  }
}
