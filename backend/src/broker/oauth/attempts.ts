import { createHash } from 'node:crypto';
import { z } from 'zod';
import { newSecret } from '../../platform/ids.js';
import type { Keyring } from '../../platform/keys/keyring.js';
import { open, seal, type SealedPlace } from '../../platform/keys/sealing.js';
import { refused } from '../refusal.js';
import type { StandingDatabase } from '../standing.js';
import type { TokensOf } from './token-store.js';

/** Somebody who signs in elsewhere and reads what is asked of them needs some minutes. */
const lifeMinutes = 10;

const openedSchema = z.object({ verifier: z.string(), redirectUri: z.string() });
export interface Attempt extends z.output<typeof openedSchema> {
  state: string;
}

/** Who authorizes: a member in one session of theirs. */
export interface Authorizer {
  member: string;
  session: string;
}

/** Authorizations under way. A state works once, in the session that began with it, for ten minutes. */
export class Attempts {
  readonly #database: StandingDatabase;
  readonly #keyring: Keyring;

  constructor({ database, keyring }: { database: StandingDatabase; keyring: Keyring }) {
    this.#database = database;
    this.#keyring = keyring;
  }

  async begin(of: TokensOf, by: Authorizer, given: { verifier: string; redirectUri: string }): Promise<Attempt> {
    // Its beginning tells whose it is: the rest can't be guessed.
    const state = `${of.connection}.${newSecret()}`;
    const keys = await this.#keyring.keys(of.workspace, of.environment, 'secret');
    const sealed = seal(keys, JSON.stringify(given), placeOf(of, hash(state)));
    await this.#database.query('delete from oauth_attempt where expires_at < clock_timestamp()', []);
    await this.#database.query(
      `insert into oauth_attempt (state_hash, connection_id, version, member_id, session_hash, sealed, expires_at)
       values ($1, $2, $3, $4, $5, $6, clock_timestamp() + make_interval(mins => $7))`,
      [hash(state), of.connection, of.version, by.member, hash(by.session), sealed, lifeMinutes],
    );
    return { state, ...given };
  }

  /** Whoever shows a state uses it up, be it theirs or not. Throws CallEnded. */
  async take(of: TokensOf, by: Authorizer, state: string): Promise<Attempt> {
    const { rows } = await this.#database.query(
      `delete from oauth_attempt where state_hash = $1
       returning connection_id = $2 and version = $3 and member_id = $4 and session_hash = $5
         and expires_at >= clock_timestamp() as is_theirs, sealed`,
      [hash(state), of.connection, of.version, by.member, hash(by.session)],
    );
    const found = z.object({ is_theirs: z.boolean(), sealed: z.string() }).safeParse(rows[0]).data;
    if (found?.is_theirs !== true) {
      throw refused(
        'broker.oauth_bad_state',
        'This authorization was not begun in this session, is too old, or was finished already: begin it again.',
      );
    }
    const keys = await this.#keyring.keys(of.workspace, of.environment, 'secret');
    const opened = open(keys, found.sealed, placeOf(of, hash(state))).toString('utf8');
    return { state, ...openedSchema.parse(JSON.parse(opened)) };
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function placeOf({ workspace, environment }: TokensOf, row: string): SealedPlace {
  return { purpose: 'secret', workspace, environment, table: 'oauth_attempt', row, column: 'sealed' };
}
