import { Inject, Injectable } from '@nestjs/common';
import { writeNoteKey } from '@sluice/shared/audit';
import type { Reply, keysApi } from '@sluice/shared/api';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import { Journal } from '../../../journal/journal.js';
import type { NewEntry } from '../../../journal/records.js';
import { sha256 } from '../../../journal/seal-key.js';
import { Changes } from '../../../platform/changes.js';
import { Clock } from '../../../platform/clock.js';
import { inTransaction } from '../../../platform/database/in-transaction.js';
import { Keyring, keyName } from '../../../platform/keys/keyring.js';
import { Problem } from '../../../platform/problem.js';
import { databasePool } from '../../../platform/tokens.js';
import { logKeyPlace } from './log-keys.js';
import { bareRows, type KeyRotation, SealRepository } from './seal.repository.js';
import { SealTrouble } from './seal-trouble.js';
import { SealerService } from './sealer.service.js';

type LogKeyReply = Reply<typeof keysApi.rotateLog>['log'];

/** Replaces the key that signs the log. */
@Injectable()
export class KeyRotationService {
  constructor(
    @Inject(databasePool) private readonly pool: pg.Pool,
    private readonly dataSource: DataSource,
    private readonly seals: SealRepository,
    private readonly sealer: SealerService,
    private readonly keyring: Keyring,
    private readonly journal: Journal,
    private readonly changes: Changes,
    private readonly clock: Clock,
  ) {}

  /** The key in force; null where it is not there. */
  async find(): Promise<LogKeyReply | null> {
    try {
      return await this.current();
    } catch (error) {
      if (error instanceof SealTrouble) return null;
      throw error;
    }
  }

  /** Throws SealTrouble. */
  private async current(): Promise<LogKeyReply> {
    return await this.dataSource.transaction('REPEATABLE READ', async (tx) => {
      const { noteKey } = await this.sealer.signer(tx);
      const rotations = await this.seals.rotations(tx);
      const since = rotations.at(-1)?.at.toISOString() ?? null;
      return { key: writeNoteKey(noteKey, sha256), since, rotations: rotations.length };
    });
  }

  /**
   * In one transaction a new key is made, an entry names it, the old key signs its last checkpoint over that entry with
   * the new key in it, and the old one is destroyed: after that nobody can sign as it. Throws Problem, and changes nothing.
   */
  async rotate(by: Pick<NewEntry, 'workspace' | 'actor' | 'requestId'>): Promise<LogKeyReply> {
    const rotation = await inTransaction(this.pool, async (client) => await this.rotateIn(client, by)).catch(refuse);
    await this.sealer.keep({ note: rotation.statement });
    return await this.current();
  }

  private async rotateIn(
    client: pg.PoolClient,
    by: Pick<NewEntry, 'workspace' | 'actor' | 'requestId'>,
  ): Promise<KeyRotation> {
    const tx = bareRows(client);
    await this.seals.waitAlone(tx);
    const before = await this.sealer.signer(tx);
    const version = before.version + 1;
    const seed = await this.keyring.addVersion(client, logKeyPlace, version);
    await this.keyring.destroyVersion(client, logKeyPlace, before.version);
    const next = this.sealer.keys.open(seed, { version, origin: before.noteKey.name });
    const keys = { before: writeNoteKey(before.noteKey, sha256), key: writeNoteKey(next.noteKey, sha256) };
    await this.journal.record(client, [{ ...by, action: 'keys.log_rotated', detail: keys }]);
    const last = await this.sealer.sealAsLast(tx, next);
    if (last === null) throw new Problem('audit.unsealed');
    const rotation = { version, size: last.size, ...keys, statement: last.note, at: this.clock.date() };
    await this.seals.addRotation(tx, rotation);
    await this.changes.notify(client, 'keys', keyName(logKeyPlace));
    return rotation;
  }
}

function refuse(cause: unknown): never {
  throw cause instanceof SealTrouble ? new Problem('audit.unsealed', { cause }) : cause;
}
