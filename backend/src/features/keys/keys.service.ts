import { Inject, Injectable } from '@nestjs/common';
import type { Key, RootKey } from '@sluice/shared/api';
import type pg from 'pg';
import { Journal } from '../../journal/journal.js';
import type { NewEntry } from '../../journal/records.js';
import { Changes } from '../../platform/changes.js';
import { KeyServiceAway } from '../../platform/keys/key-service.js';
import { Keyring, keyName, rootChanged } from '../../platform/keys/keyring.js';
import { Problem } from '../../platform/problem.js';
import { databasePool } from '../../platform/tokens.js';
import { inTransaction } from '../../platform/database/in-transaction.js';
import { countByRoot, type KeyScope, type KeyVersion, listVersions, supersede } from './keys.repository.js';
import { rewrapByRoot } from './rewrap-by-root.js';

/** Who asks, for the log: a member, or somebody at the machine's own terminal. */
export type By = Pick<NewEntry, 'workspace' | 'actor' | 'requestId'>;

@Injectable()
export class KeysService {
  constructor(
    @Inject(databasePool) private readonly pool: pg.Pool,
    private readonly keyring: Keyring,
    private readonly journal: Journal,
    private readonly changes: Changes,
  ) {}

  async list(workspace: string): Promise<{ root: RootKey; items: Key[] }> {
    const [root, versions] = await Promise.all([this.root(), listVersions(this.pool, { workspace })]);
    return { root, items: toKeys(versions) };
  }

  /** New versions of all keys of an environment, at once for what is sealed from now on. Throws Problem. */
  async rotate(by: By, scope: KeyScope): Promise<Key[]> {
    await inTransaction(this.pool, async (tx) => {
      const versions = await listVersions(tx, { ...scope, lock: true });
      if (versions.length === 0) throw new Problem('keys.none');
      if (versions.some((one) => one.superseded_at !== null && one.rows_left !== 0)) throw new Problem('keys.rotating');
      const made: Record<string, number> = {};
      for (const { purpose, version } of versions.filter(({ superseded_at: at }) => at === null)) {
        const next = version + 1;
        await this.keyring.addVersion(tx, { ...scope, purpose }, next);
        await supersede(tx, { ...scope, purpose, before: next });
        await this.changes.notify(tx, 'keys', keyName({ ...scope, purpose }));
        made[purpose] = next;
      }
      await this.journal.record(tx, [
        {
          ...by,
          workspace: scope.workspace,
          action: 'keys.rotated',
          ...(scope.environment === '' ? {} : { environment: scope.environment }),
          detail: { versions: made },
        },
      ]);
    });
    return toKeys(await listVersions(this.pool, scope));
  }

  /** Wraps every key of the installation anew: a matter of seconds, since nothing that they seal is touched. Throws Problem. */
  async rotateRoot(by: By): Promise<{ root: RootKey; rewrapped: number }> {
    const { root } = this.keyring;
    await root.reload();
    // A rotation that broke off is ended before another begins.
    if ((await this.countOlder()) === 0 && !(await root.replace())) throw new Problem('keys.root_current');
    const { fingerprint, name } = root.current;
    const rewrapped = await inTransaction(this.pool, async (tx) => {
      const count = await rewrapByRoot(tx, root);
      await this.changes.notify(tx, 'keys', rootChanged);
      await this.journal.record(tx, [
        { ...by, action: 'keys.root_rotated', detail: { fingerprint, name, keys: count } },
      ]);
      return count;
    });
    return { root: await this.root(), rewrapped };
  }

  async root(): Promise<RootKey> {
    const { current } = this.keyring.root;
    const [health, version] = await Promise.all([current.health(), this.version()]);
    const { current: keys, older } = await countByRoot(this.pool, { fingerprint: current.fingerprint, version });
    return { name: current.name, fingerprint: current.fingerprint, version, health, keys, keysUnderOlder: older };
  }

  private async countOlder(): Promise<number> {
    const { current } = this.keyring.root;
    const version = await current.currentVersion();
    return (await countByRoot(this.pool, { fingerprint: current.fingerprint, version })).older;
  }

  /** Null while the key service is away. */
  private async version(): Promise<string | null> {
    try {
      return await this.keyring.root.current.currentVersion();
    } catch (error) {
      if (error instanceof KeyServiceAway) return null;
      throw error;
    }
  }
}

function toKeys(versions: readonly KeyVersion[]): Key[] {
  const byKey = Map.groupBy(versions, ({ environment, purpose }) => `${environment} ${purpose}`);
  return [...byKey.values()].flatMap(([newest, ...older]) =>
    newest === undefined
      ? []
      : [
          {
            purpose: newest.purpose,
            environment: newest.environment === '' ? null : newest.environment,
            version: newest.version,
            since: newest.created_at.toISOString(),
            older: older.map(({ version, created_at: at, rows_found: rows, rows_left: rowsLeft }) => ({
              version,
              since: at.toISOString(),
              rows,
              rowsLeft,
            })),
          },
        ],
  );
}
