import type { KeyObject } from 'node:crypto';
import type { AuthInput } from '@sluice/shared/api';
import type { Json } from '@sluice/shared/lib';
import type { Keyring } from '../platform/keys/keyring.js';
import { type SealedPlace, seal } from '../platform/keys/sealing.js';
import type { SealedAuth } from './credential.js';
import { makeSshKey } from './drivers/ssh-key.js';

/** What a caller's transaction runs statements with: a TypeORM EntityManager or a pg client. */
export interface Transaction {
  query(sql: string, values: unknown[]): Promise<unknown>;
}

/** Which version of a connection's secret. */
export interface SecretOf {
  workspace: string;
  environment: string;
  /** The connection's. */
  id: string;
  version: number;
}

/** The only way in for secrets. There is none out: calls use a secret, and nothing reads it. */
export class Vault {
  readonly #keyring: Keyring;

  constructor(keyring: Keyring) {
    this.#keyring = keyring;
  }

  /**
   * Stores a version of a secret in the caller's transaction; those before it stay until they are destroyed. The caller
   * sets `connection.secret_version` and tells of the change. An SSH key is made here. Answers what people may see of it;
   * null: nothing.
   */
  async putSecret(
    transaction: Transaction,
    connection: SecretOf,
    given: AuthInput,
  ): Promise<Record<string, Json> | null> {
    const auth = given.kind === 'sshKey' ? { ...given, ...makeSshKey(`sluice-${connection.id}`) } : given;
    const keys = await this.#keyring.keys(connection.workspace, connection.environment, 'secret');
    const sealed = seal(keys, JSON.stringify(auth), secretPlace(connection));
    await transaction.query('insert into connection_secret (connection_id, version, sealed) values ($1, $2, $3)', [
      connection.id,
      connection.version,
      sealed,
    ]);
    return shownOf(auth);
  }

  /** Destroys one version, in the caller's transaction. */
  async destroySecret(transaction: Transaction, connection: string, version: number): Promise<void> {
    for (const table of tables) {
      await transaction.query(`delete from ${table} where connection_id = $1 and version = $2`, [connection, version]);
    }
  }

  /** Stores the signing key of a workspace's webhook for notices, and destroys those before it. */
  async putWebhookSecret(
    transaction: Transaction,
    { workspace, version, key }: { workspace: string; version: number; key: KeyObject },
  ): Promise<void> {
    const keys = await this.#keyring.keys(workspace, '', 'secret');
    const sealed = seal(keys, key.export(), webhookSecretPlace(workspace, version));
    await transaction.query('delete from notice_webhook_secret where workspace_id = $1', [workspace]);
    await transaction.query('insert into notice_webhook_secret (workspace_id, version, sealed) values ($1, $2, $3)', [
      workspace,
      version,
      sealed,
    ]);
  }

  /** Destroys every version, in the caller's transaction. */
  async destroySecrets(transaction: Transaction, connection: string): Promise<void> {
    for (const table of tables) await transaction.query(`delete from ${table} where connection_id = $1`, [connection]);
  }
}

/** What people may see of a credential. */
function shownOf(auth: SealedAuth): Record<string, Json> | null {
  if (auth.kind === 'sshKey') return { username: auth.username, publicKey: auth.publicKey };
  if (auth.kind !== 'oauth2') return null;
  const { grant, clientId, scopes, server } = auth;
  return { grant, clientId, scopes, ...(server !== undefined && { server: { ...server } }) };
}

/** Where something sealed lies. */
const tables = ['oauth_attempt', 'oauth_token', 'connection_secret'] as const;

/** A secret opens for its own connection and version only. */
export function secretPlace({ workspace, environment, id, version }: SecretOf): SealedPlace {
  const row = `${id}:${version}`;
  return { purpose: 'secret', workspace, environment, table: 'connection_secret', row, column: 'sealed' };
}

/** Opens for its own workspace and version only. */
export function webhookSecretPlace(workspace: string, version: number): SealedPlace {
  const row = String(version);
  return { purpose: 'secret', workspace, environment: '', table: 'notice_webhook_secret', row, column: 'sealed' };
}
