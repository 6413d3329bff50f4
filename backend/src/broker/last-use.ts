import type { Transaction } from './vault.js';

const keepMilliseconds = 60_000;

/** Notes when a connection was last used: at most once a minute, and never in a call's way. */
export class LastUse {
  readonly #database: Transaction;
  readonly #noted = new Map<string, number>();

  constructor(database: Transaction) {
    this.#database = database;
  }

  note(connection: string, now: number): void {
    const last = this.#noted.get(connection);
    if (last !== undefined && now - last < keepMilliseconds) return;
    this.#noted.set(connection, now);
    const statement = `update connection set last_used_at = to_timestamp($2::double precision / 1000)
      where id = $1 and (last_used_at is null or last_used_at < to_timestamp($2::double precision / 1000))`;
    // A hint for access reviews: the next minute tries again.
    this.#database.query(statement, [connection, now]).catch(() => this.#noted.delete(connection));
  }
}
