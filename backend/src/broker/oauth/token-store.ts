import type { Json } from '@sluice/shared/lib';
import { z } from 'zod';
import { seal, open, type SealedPlace } from '../../platform/keys/sealing.js';
import type { Keyring } from '../../platform/keys/keyring.js';
import type { StandingDatabase } from '../standing.js';

/** Which tokens: of a connection's version. */
export interface TokensOf {
  workspace: string;
  environment: string;
  connection: string;
  version: number;
}

/** The same, by the process that may change them. */
export interface LeasedTokens extends TokensOf {
  lease: string;
}

/** What is told to the log; `member`: who asked for it. */
export interface TokenEvent {
  action: string;
  member?: string;
  detail: Record<string, Json>;
}

export interface Failure {
  at: string;
  code: string;
  message: string;
}

const rowSchema = z.object({
  sealed: z.string().nullable(),
  scopes: z.array(z.string()).nullable(),
  obtained: z.number().nullable(),
  expires: z.number().nullable(),
  failure: z.object({ at: z.string(), code: z.string(), message: z.string() }).nullable(),
});
/** Times are milliseconds since 1970. */
export type TokenRow = z.output<typeof rowSchema>;

const sealedSchema = z.object({ access: z.string(), refresh: z.string().nullable() });
export type SealedTokens = z.output<typeof sealedSchema>;

const columns = `sealed, scopes, extract(epoch from obtained_at)::float8 * 1000 as obtained,
  extract(epoch from expires_at)::float8 * 1000 as expires, failure`;

/** In one statement with what it changes, so that neither is there without the other. */
const tell = `told as (
  insert into connection_event (workspace_id, environment, connection_id, member_id, action, detail, at)
  select $4, $5, $1, e.member, e.action, e.detail, clock_timestamp()
    from changed cross join jsonb_to_recordset($6::jsonb) e (member text, action text, detail jsonb)
)
select pg_notify('sluice_changed', jsonb_build_object('topic', 'connections', 'ids', jsonb_build_array($1::text))::text) from changed`;

/** Tokens in the database: sealed, and changed only by the process that holds their lease. */
export class TokenStore {
  readonly #database: StandingDatabase;
  readonly #keyring: Keyring;

  constructor({ database, keyring }: { database: StandingDatabase; keyring: Keyring }) {
    this.#database = database;
    this.#keyring = keyring;
  }

  async find({ connection, version }: TokensOf): Promise<TokenRow | null> {
    const sql = `select ${columns} from oauth_token where connection_id = $1 and version = $2`;
    const { rows } = await this.#database.query(sql, [connection, version]);
    return rows[0] === undefined ? null : rowSchema.parse(rows[0]);
  }

  /** For 20 seconds. Answers the row as it is by then; null: another process has it, or the connection was revoked. */
  async lease({ connection, version, lease }: LeasedTokens): Promise<TokenRow | null> {
    const { rows } = await this.#database.query(
      `insert into oauth_token (connection_id, version, lease, leased_until)
         select c.id, $2, $3, clock_timestamp() + interval '20 seconds' from connection c
          where c.id = $1 and c.revoked_at is null
       on conflict (connection_id, version) do update set lease = excluded.lease, leased_until = excluded.leased_until
         where oauth_token.leased_until is null or oauth_token.leased_until < clock_timestamp()
       returning ${columns}`,
      [connection, version, lease],
    );
    return rows[0] === undefined ? null : rowSchema.parse(rows[0]);
  }

  async release({ connection, version, lease }: LeasedTokens): Promise<void> {
    await this.#database.query(
      'update oauth_token set lease = null, leased_until = null where connection_id = $1 and version = $2 and lease = $3',
      [connection, version, lease],
    );
  }

  /** Ends the lease. False: it was over, and nothing is stored. */
  async put(
    of: LeasedTokens,
    given: {
      tokens: SealedTokens;
      scopes: readonly string[];
      obtained: number;
      expires: number | null;
      events: readonly TokenEvent[];
    },
  ): Promise<boolean> {
    const keys = await this.#keyring.keys(of.workspace, of.environment, 'secret');
    const sealed = seal(keys, JSON.stringify(given.tokens), placeOf(of));
    const { rows } = await this.#database.query(
      `with changed as (
         update oauth_token set sealed = $7, scopes = $8, obtained_at = to_timestamp($9::float8 / 1000),
           expires_at = to_timestamp($10::float8 / 1000), failure = null, lease = null, leased_until = null
          where connection_id = $1 and version = $2 and lease = $3 returning 1
       ), ${tell}`,
      [...about(of, given.events), sealed, given.scopes, given.obtained, given.expires],
    );
    return rows.length > 0;
  }

  /** Ends the lease and, until a person authorizes again, the use of what there is. */
  async fail(of: LeasedTokens, failure: Failure, events: readonly TokenEvent[]): Promise<void> {
    await this.#database.query(
      `with changed as (
         update oauth_token set sealed = null, expires_at = null, failure = $7, lease = null, leased_until = null
          where connection_id = $1 and version = $2 and lease = $3 returning 1
       ), ${tell}`,
      [...about(of, events), failure],
    );
  }

  /** Throws SealBroken when it was changed or moved. */
  async open(of: TokensOf, sealed: string): Promise<SealedTokens> {
    const keys = await this.#keyring.keys(of.workspace, of.environment, 'secret');
    return sealedSchema.parse(JSON.parse(open(keys, sealed, placeOf(of)).toString('utf8')));
  }
}

function about({ connection, version, lease, workspace, environment }: LeasedTokens, events: readonly TokenEvent[]) {
  return [connection, version, lease, workspace, environment, JSON.stringify(events)];
}

function placeOf({ workspace, environment, connection, version }: TokensOf): SealedPlace {
  const row = `${connection}:${version}`;
  return { purpose: 'secret', workspace, environment, table: 'oauth_token', row, column: 'sealed' };
}
