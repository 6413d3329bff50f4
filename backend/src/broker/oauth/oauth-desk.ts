import { generateRandomCodeVerifier } from 'oauth4webapi';
import type { Keyring } from '../../platform/keys/keyring.js';
import type { OAuthReply, OAuthRequest } from '../call.js';
import type { OAuthAuth } from '../credential.js';
import { parseUrl } from '../egress/host-port.js';
import type { Outlet } from '../outlet.js';
import { CallEnded, refused } from '../refusal.js';
import type { StandingDatabase } from '../standing.js';
import { Attempts } from './attempts.js';
import { OAuthClient } from './client.js';
import { explainOAuth } from './explain-oauth.js';
import { Servers } from './find-server.js';
import { guardedFetch, type OAuthCall } from './guarded-fetch.js';
import { type TokenHolder, Tokens } from './tokens.js';
import { TokenStore } from './token-store.js';

/** Everything that is said to authorization servers: tokens for calls, and what a member does about an authorization. */
export class OAuthDesk {
  readonly #outlet: Outlet;
  readonly #attempts: Attempts;
  readonly #servers: Servers;
  readonly #store: TokenStore;
  readonly #tokens: Tokens;

  constructor({ outlet, database, keyring }: { outlet: Outlet; database: StandingDatabase; keyring: Keyring }) {
    this.#outlet = outlet;
    this.#attempts = new Attempts({ database, keyring });
    this.#servers = new Servers(outlet.now);
    this.#store = new TokenStore({ database, keyring });
    this.#tokens = new Tokens({ store: this.#store, now: outlet.now });
  }

  /** The access token for a call. Rejects with CallEnded. */
  async access(call: OAuthCall, auth: OAuthAuth): Promise<string> {
    return await this.#tokens.access(this.#holder(call, auth));
  }

  forget(ids: readonly string[] | null): void {
    this.#tokens.forget(ids);
  }

  distrust(connection: string): void {
    this.#tokens.distrust(connection);
  }

  /** What a member asked for. Rejects with CallEnded. */
  async serve(call: OAuthCall, auth: OAuthAuth, request: OAuthRequest): Promise<OAuthReply> {
    const holder = this.#holder(call, auth);
    try {
      switch (request.step) {
        case 'begin':
          return await this.#begin(holder, request);
        case 'finish':
          return await this.#finish({ ...holder, member: request.member }, request);
        case 'check':
          await this.#tokens.access(holder);
          return { step: 'check', scopes: (await this.#store.find(holder.of))?.scopes ?? [] };
        case 'revoke':
          return { step: 'revoke', isRevoked: await this.#revoke(holder) };
      }
    } catch (error) {
      throw explainOAuth(error, holder.host);
    }
  }

  async #begin(holder: TokenHolder, request: Extract<OAuthRequest, { step: 'begin' }>): Promise<OAuthReply> {
    if (holder.auth.grant !== 'authorizationCode') throw notForPeople();
    const client = await holder.client();
    const given = { verifier: generateRandomCodeVerifier(), redirectUri: request.redirectUri };
    // Before anything is kept: a server that can't do it is refused.
    await client.authorizationUrl({ ...given, state: '' });
    const attempt = await this.#attempts.begin(holder.of, request, given);
    return { step: 'begin', url: await client.authorizationUrl(attempt) };
  }

  async #finish(holder: TokenHolder, request: Extract<OAuthRequest, { step: 'finish' }>): Promise<OAuthReply> {
    const query = new URLSearchParams(request.query);
    const attempt = await this.#attempts.take(holder.of, request, query.get('state') ?? '');
    const client = await holder.client();
    const answer = await client.exchange(query, attempt);
    const { leased, row } = await this.#tokens.lease(holder);
    try {
      const before = { action: 'connection.authorized', scopes: row.failure === null ? row.scopes : null };
      const missing = await this.#tokens.take(leased, answer, before);
      return { step: 'finish', granted: answer.scopes, missing };
    } catch (error) {
      // Nobody will use it: the service need not keep it.
      await client.revoke(answer.refresh ?? answer.access).catch(() => undefined);
      throw error;
    }
  }

  async #revoke(holder: TokenHolder): Promise<boolean> {
    const row = await this.#store.find(holder.of);
    if (row === null || row.sealed === null) return false;
    const { access, refresh } = await this.#store.open(holder.of, row.sealed);
    const client = await holder.client();
    // RFC 7009, 2.1: with a refresh token go the access tokens that stand on it, at most servers.
    const isRevoked = await client.revoke(refresh ?? access);
    if (isRevoked && refresh !== null) await client.revoke(access).catch(() => undefined);
    return isRevoked;
  }

  #holder(call: OAuthCall, auth: OAuthAuth): TokenHolder {
    const { workspace_id: workspace, environment, secret_version: version } = call.standing;
    const fetch = guardedFetch(this.#outlet, call);
    return {
      of: { workspace, environment, connection: call.connection, version },
      auth,
      host: hostOf(auth),
      deadline: call.deadline,
      client: async () =>
        new OAuthClient(auth, await this.#servers.find(call.connection, auth, fetch), { fetch, now: this.#outlet.now }),
    };
  }
}

function hostOf({ server }: OAuthAuth): string {
  if (server === undefined) return 'The authorization server';
  return parseUrl('issuer' in server ? server.issuer : server.token)?.host ?? 'The authorization server';
}

function notForPeople(): CallEnded {
  return refused(
    'broker.oauth_not_for_people',
    'This connection asks for its token by itself: nobody has to authorize it.',
  );
}
