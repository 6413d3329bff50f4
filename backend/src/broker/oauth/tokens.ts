import type { KeyObject } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseAway } from '../../platform/database/is-database-away.js';
import { newSecret } from '../../platform/ids.js';
import { takeKey } from '../../platform/keys/secret-key.js';
import type { OAuthAuth } from '../credential.js';
import { broke, CallEnded, refused } from '../refusal.js';
import type { OAuthClient, TokenAnswer } from './client.js';
import { explainOAuth, needsPerson } from './explain-oauth.js';
import { compareScopes } from './scopes.js';
import type { LeasedTokens, SealedTokens, TokenEvent, TokenRow, TokensOf, TokenStore } from './token-store.js';

/** Renewed so long before the end, or after three quarters of a short life. */
const earlyMs = 60_000;
/** One that a service refuses is replaced, unless it is so young that another would fare no better. */
const youngMs = 30_000;
/** A server that said no is asked again after so long: some lock out who asks too often. */
const refusedMs = 30_000;
const waitMs = 100;
/** Within what is left of a lease. */
const putTries = 80;
const keepTokens = 5000;

export interface TokenHolder {
  of: TokensOf;
  auth: OAuthAuth;
  /** Who the tokens are asked for by; a member who authorizes. */
  member?: string;
  client(): Promise<OAuthClient>;
  /** The authorization server, as people know it. */
  host: string;
  /** Milliseconds since 1970. */
  deadline: number;
}

/** By the process that may change its tokens. */
export type LeasedHolder = TokenHolder & { of: LeasedTokens };

interface Kept {
  access: KeyObject;
  obtained: number;
  renewAt: number;
}

/** Access tokens, renewed before they end: by one call of a process, and by one process of all. */
export class Tokens {
  readonly #store: TokenStore;
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept>();
  readonly #asking = new Map<string, Promise<string>>();
  /** Tokens of a connection that were obtained by then are not to be used. */
  readonly #distrusted = new Map<string, number>();

  constructor({ store, now }: { store: TokenStore; now: () => number }) {
    this.#store = store;
    this.#now = now;
  }

  /** Rejects with CallEnded. */
  async access(holder: TokenHolder): Promise<string> {
    const key = keyOf(holder.of);
    const kept = this.#kept.get(key);
    if (kept !== undefined && this.#now() < kept.renewAt) return kept.access.export().toString('utf8');
    const asking = this.#asking.get(key) ?? this.#find(holder).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return await asking;
  }

  /** Null: all. */
  forget(ids: readonly string[] | null): void {
    for (const key of this.#kept.keys()) {
      if (ids === null || ids.includes(key.split(' ')[0] ?? '')) this.#kept.delete(key);
    }
  }

  /** A service took a token for no proof: the next call gets a new one. */
  distrust(connection: string): void {
    for (const [key, { obtained }] of this.#kept) {
      if (key.split(' ')[0] !== connection || this.#now() - obtained < youngMs) continue;
      this.#kept.delete(key);
      this.#distrusted.set(connection, obtained);
    }
  }

  /**
   * Stores what a server gave, when it is no more than was approved. Answers the scopes that are missing. Throws CallEnded.
   */
  async take(
    holder: LeasedHolder,
    answer: TokenAnswer,
    before: { action: string; scopes: readonly string[] | null },
  ): Promise<string[]> {
    const { of, auth, member } = holder;
    const { extra, missing } = compareScopes(auth.scopes, answer.scopes);
    const by = member === undefined ? {} : { member };
    if (extra.length > 0) {
      const message = `${holder.host} granted more than was approved (${extra.join(' ')}): nothing of it is used. Ask for less there, or make a connection that asks for it.`;
      const detail = { approved: auth.scopes, granted: answer.scopes, extra };
      const ended = refused('broker.oauth_wider', message);
      await this.#fail(holder, ended, { action: 'connection.scopes_wider', ...by, detail });
      throw ended;
    }
    const now = this.#now();
    const events: TokenEvent[] = [{ action: before.action, ...by, detail: { scopes: answer.scopes } }];
    const isNews = missing.length > 0 && compareScopes(before.scopes ?? auth.scopes, answer.scopes).missing.length > 0;
    if (isNews) {
      events.push({ action: 'connection.scopes_narrower', ...by, detail: { granted: answer.scopes, missing } });
    }
    const given = {
      tokens: { access: answer.access, refresh: answer.refresh },
      scopes: answer.scopes,
      obtained: now,
      expires: answer.lifetimeSeconds === null ? null : now + answer.lifetimeSeconds * 1000,
      events,
    };
    if (!(await this.#put(of, given))) throw busy(holder.host);
    this.#kept.delete(keyOf(of));
    return missing;
  }

  /** Waits for the lease on a version's tokens. Throws CallEnded. */
  async lease(holder: TokenHolder): Promise<{ leased: LeasedHolder; row: TokenRow }> {
    const leased = withLease(holder);
    for (;;) {
      const row = await this.#store.lease(leased.of);
      if (row !== null) return { leased, row };
      if (this.#now() + waitMs >= holder.deadline) throw busy(holder.host);
      await sleep(waitMs);
    }
  }

  /** The refresh token before may be worth nothing by now, so a database that is away for a moment is waited for. */
  async #put(...put: Parameters<TokenStore['put']>): Promise<boolean> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#store.put(...put);
      } catch (error) {
        if (!isDatabaseAway(error) || tries === putTries) throw error;
        await sleep(waitMs);
      }
    }
  }

  async #find(holder: TokenHolder): Promise<string> {
    for (;;) {
      const row = await this.#store.find(holder.of);
      if (row !== null && this.#isFresh(holder.of, row)) return await this.#keep(holder, row);
      assertRenewable(holder, row, this.#now());
      const leased = withLease(holder);
      const mine = await this.#store.lease(leased.of);
      if (mine !== null) return await this.#renew(leased, mine);
      // Another process asks already. What has not ended yet is good until it has.
      if (row !== null && this.#isUsable(holder.of, row)) return (await this.#open(holder, row)).access;
      if (this.#now() + waitMs >= holder.deadline) throw busy(holder.host);
      await sleep(waitMs);
    }
  }

  async #renew(holder: LeasedHolder, row: TokenRow): Promise<string> {
    let isOver = false;
    try {
      // Another process may have done it a moment ago.
      if (this.#isFresh(holder.of, row)) return await this.#keep(holder, row);
      assertRenewable(holder, row, this.#now());
      const answer = await this.#ask(holder, row);
      isOver = true;
      await this.take(holder, answer, { action: 'connection.token_renewed', scopes: row.scopes });
      return answer.access;
    } catch (error) {
      const ended = explainOAuth(error, holder.host);
      if (!isOver && needsPerson(ended)) {
        isOver = true;
        const { code, message } = ended.failure;
        await this.#fail(holder, ended, { action: 'connection.authorization_lost', detail: { code, message } });
      } else if (!isOver && this.#isUsable(holder.of, row)) {
        // The server is away for a moment, and there is time left.
        return (await this.#open(holder, row)).access;
      }
      throw ended;
    } finally {
      if (!isOver) await this.#store.release(holder.of);
    }
  }

  async #ask(holder: TokenHolder, row: TokenRow): Promise<TokenAnswer> {
    const client = await holder.client();
    if (holder.auth.grant !== 'authorizationCode') return await client.ownToken();
    const { refresh } = await this.#open(holder, row);
    if (refresh === null) throw authorizeAgain('It gave no refresh token, and the access token has ended.');
    return await client.refresh(refresh, row.scopes ?? holder.auth.scopes);
  }

  async #keep(holder: TokenHolder, row: TokenRow): Promise<string> {
    const { access } = await this.#open(holder, row);
    if (this.#kept.size >= keepTokens) this.#kept.clear();
    // Tells of a revocation or a change come by `forget`; a minute is for those that are lost.
    const renewAt = Math.min(renewalOf(row), this.#now() + 60_000);
    this.#kept.set(keyOf(holder.of), { access: takeKey(Buffer.from(access)), obtained: row.obtained ?? 0, renewAt });
    return access;
  }

  async #open(holder: TokenHolder, row: TokenRow): Promise<SealedTokens> {
    if (row.sealed === null) throw authorizeAgain('There is no token.');
    return await this.#store.open(holder.of, row.sealed);
  }

  #isFresh(of: TokensOf, row: TokenRow): boolean {
    return this.#isUsable(of, row) && this.#now() < renewalOf(row);
  }

  #isUsable({ connection }: TokensOf, row: TokenRow): boolean {
    const isTrusted = (row.obtained ?? 0) > (this.#distrusted.get(connection) ?? -1);
    return (
      row.sealed !== null && row.failure === null && isTrusted && (row.expires === null || this.#now() < row.expires)
    );
  }

  async #fail(holder: LeasedHolder, ended: CallEnded, event: TokenEvent): Promise<void> {
    this.#kept.delete(keyOf(holder.of));
    const { code, message } = ended.failure;
    const failure = { at: new Date(this.#now()).toISOString(), code, message };
    await this.#store.fail(holder.of, failure, [event]);
  }
}

/** Throws CallEnded when only a person can help. A client of its own may ask again after a while. */
function assertRenewable({ auth }: TokenHolder, row: TokenRow | null, now: number): void {
  const failure = row?.failure ?? null;
  if (auth.grant !== 'authorizationCode') {
    if (failure === null || now - Date.parse(failure.at) >= refusedMs) return;
    throw refused('broker.oauth_refused', failure.message);
  }
  if (failure !== null) throw authorizeAgain(failure.message);
  if (row === null || row.sealed === null) {
    throw refused(
      'broker.oauth_not_authorized',
      'Nobody has authorized this connection yet: open it and authorize it.',
    );
  }
}

function withLease(holder: TokenHolder): LeasedHolder {
  return { ...holder, of: { ...holder.of, lease: newSecret(12) } };
}

function authorizeAgain(why: string): CallEnded {
  return refused('broker.oauth_authorize_again', `The connection has to be authorized again. ${why}`);
}

function busy(host: string): CallEnded {
  const message = `The token of this connection is being asked for at ${host} and did not come in time: nothing was sent.`;
  return broke({ code: 'broker.oauth_away', message, uncertain: false });
}

function renewalOf({ obtained, expires }: TokenRow): number {
  if (expires === null) return Number.POSITIVE_INFINITY;
  return expires - Math.min(earlyMs, (expires - (obtained ?? expires)) / 4);
}

function keyOf({ connection, version }: TokensOf): string {
  return `${connection} ${version}`;
}
