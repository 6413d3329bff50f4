import type { AuthInput } from '@sluice/shared/api';
import type { Keyring } from '../platform/keys/keyring.js';
import { type SealedPlace, seal } from '../platform/keys/sealing.js';

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
   * Stores a secret in the caller's transaction and destroys the versions before it. The caller sets
   * `connection.secret_version` to the same version and tells of the change.
   */
  async putSecret(transaction: Transaction, connection: SecretOf, auth: AuthInput): Promise<void> {
    const key = await this.#keyring.key(connection.workspace, connection.environment, 'secret');
    const sealed = seal(key, JSON.stringify(auth), secretPlace(connection));
    await this.destroySecrets(transaction, connection.id);
    await transaction.query('insert into connection_secret (connection_id, version, sealed) values ($1, $2, $3)', [
      connection.id,
      connection.version,
      sealed,
    ]);
  }

  /** Destroys every version, in the caller's transaction. */
  async destroySecrets(transaction: Transaction, connection: string): Promise<void> {
    await transaction.query('delete from connection_secret where connection_id = $1', [connection]);
  }
}

/** A secret opens for its own connection and version only. */
export function secretPlace({ workspace, environment, id, version }: SecretOf): SealedPlace {
  const row = `${id}:${version}`;
  return { purpose: 'secret', workspace, environment, table: 'connection_secret', row, column: 'sealed' };
}
