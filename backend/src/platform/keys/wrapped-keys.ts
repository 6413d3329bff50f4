import type { KeyObject } from 'node:crypto';
import { StartProblem } from '../../config/start-problem.js';
import type { SqlRunner } from '../changes.js';
import { SealBroken } from './gcm.js';
import { KeySet } from './key-set.js';
import type { RootKeys } from './root-keys.js';
import { newKey } from './secret-key.js';

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

/** Whose key it is. `''` as the environment: of the whole workspace; as the workspace: of the installation. */
export interface KeyPlace {
  workspace: string;
  environment: string;
  purpose: KeyPurpose;
}

interface KeyRow {
  version: number;
  wrapped: string;
  root_fingerprint: string;
  place?: string;
  is_new?: boolean;
}

/** What it takes of a database: a pg Pool or Client. */
export interface KeyDatabase {
  query(sql: string, values?: unknown[]): Promise<{ rows: KeyRow[] }>;
}

/** A new version opens at once and seals after this: until then a process may not have heard of it. */
export const learnMilliseconds = 2000;

/** The keys as they lie in the database, wrapped by the root key. */
export class WrappedKeys {
  constructor(
    private readonly database: KeyDatabase,
    private readonly root: RootKeys,
  ) {}

  /** Makes the first version where there is none. Rejects with StartProblem, KeyServiceAway and SealBroken. */
  async read(place: KeyPlace): Promise<KeySet> {
    let rows = await this.find(place);
    if (rows.length === 0) {
      // A database of another root key must not gain keys of this one.
      await this.verify();
      await this.add(this.database, place, 1);
      // Whoever was first has decided; everyone reads the same.
      rows = await this.find(place);
    }
    if (rows.length === 0) throw new Error('A wrapped key vanished after it was stored');
    const keys = rows.map(async ({ version, wrapped, root_fingerprint: fingerprint }) => {
      const root = await this.root.get(fingerprint);
      return [version, await root.unwrap(wrapped, nameOf(place, version))] as const;
    });
    const unknown = rows.find(({ version, is_new: isNew }) => isNew === true && version > 1)?.version;
    return new KeySet(new Map(await Promise.all(keys)), unknown);
  }

  /** Makes a version; answers the key. */
  async add(transaction: SqlRunner, place: KeyPlace, version: number): Promise<KeyObject> {
    const { current } = this.root;
    const key = newKey();
    const { text, version: rootVersion } = await current.wrap(key, nameOf(place, version));
    await transaction.query(
      `insert into wrapped_key (workspace_id, environment, purpose, version, wrapped, root_fingerprint, root_version)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
      [...columnsOf(place), version, text, current.fingerprint, rootVersion],
    );
    return key;
  }

  async destroy(transaction: SqlRunner, place: KeyPlace, version: number): Promise<void> {
    await transaction.query(
      `update wrapped_key set superseded_at = now(), retired_at = now(), wrapped = ''
       where workspace_id = $1 and environment = $2 and purpose = $3 and version = $4`,
      [...columnsOf(place), version],
    );
  }

  /**
   * Refuses a database whose keys another root key wrapped, by their fingerprints and by opening one of each.
   * Throws StartProblem.
   */
  async verify(): Promise<void> {
    const { rows } = await this.database.query(
      `select distinct on (root_fingerprint) version, wrapped, root_fingerprint,
         concat_ws('|', purpose, workspace_id, environment, version) as place
       from wrapped_key where retired_at is null order by root_fingerprint`,
      [],
    );
    for (const { root_fingerprint: fingerprint, wrapped, place = '' } of rows) {
      const root = await this.root.get(fingerprint);
      await root.unwrap(wrapped, place).catch((cause: unknown) => {
        throw new StartProblem(explain(cause, root.name), { cause });
      });
    }
  }

  private async find(place: KeyPlace): Promise<KeyRow[]> {
    const { rows } = await this.database.query(
      `select version, wrapped, root_fingerprint, created_at > now() - interval '${learnMilliseconds} milliseconds' as is_new
       from wrapped_key where workspace_id = $1 and environment = $2 and purpose = $3 and retired_at is null`,
      columnsOf(place),
    );
    return rows;
  }
}

/** What a key is wrapped for. */
function nameOf({ workspace, environment, purpose }: KeyPlace, version: number): string {
  return [purpose, workspace, environment, version].join('|');
}

function columnsOf({ workspace, environment, purpose }: KeyPlace): string[] {
  return [workspace, environment, purpose];
}

function explain(cause: unknown, root: string): string {
  if (!(cause instanceof SealBroken)) return cause instanceof Error ? cause.message : String(cause);
  return `The root key has the right name but not the right content: ${root} can't open this database's keys. Put back the key that they were sealed with, or restore the database that belongs to this one.`;
}
