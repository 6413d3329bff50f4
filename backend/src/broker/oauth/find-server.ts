import * as oauth from 'oauth4webapi';
import type { OAuthAuth } from '../credential.js';
import { refused } from '../refusal.js';
import type { Fetch } from './client.js';

const keepMs = 10 * 60_000;
const keepServers = 500;

/** Finds where an authorization server's endpoints are, and remembers what it found for ten minutes, a connection each. */
export class Servers {
  readonly #now: () => number;
  readonly #kept = new Map<string, { server: oauth.AuthorizationServer; until: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Rejects with errors that `explainOAuth` reads. */
  async find(connection: string, auth: OAuthAuth, fetch: Fetch): Promise<oauth.AuthorizationServer> {
    if (auth.server === undefined) throw refused('broker.bad_secret', 'The connection names no authorization server.');
    if (!('issuer' in auth.server)) return byAddress(auth.server);
    const { issuer } = auth.server;
    const key = `${connection} ${issuer}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined && this.#now() < kept.until) return kept.server;
    const server = await discover(new URL(issuer), fetch);
    if (this.#kept.size >= keepServers) this.#kept.clear();
    this.#kept.set(key, { server, until: this.#now() + keepMs });
    return server;
  }
}

/** RFC 8414; servers of OpenID Connect may say it at its own place instead. The issuer must be the one that was asked. */
async function discover(issuer: URL, fetch: Fetch): Promise<oauth.AuthorizationServer> {
  const ask = (algorithm: 'oauth2' | 'oidc') =>
    oauth.discoveryRequest(issuer, {
      algorithm,
      [oauth.customFetch]: fetch,
      [oauth.allowInsecureRequests]: true,
    });
  const response = await ask('oauth2');
  const found = response.status === 404 ? await ask('oidc') : response;
  return await oauth.processDiscoveryResponse(issuer, found);
}

/** Named one by one, so there is nobody to ask what it supports: PKCE goes along in any case. */
function byAddress(server: {
  authorization?: string | undefined;
  token: string;
  revocation?: string | undefined;
}): oauth.AuthorizationServer {
  return {
    issuer: new URL(server.token).origin,
    token_endpoint: server.token,
    code_challenge_methods_supported: ['S256'],
    ...(server.authorization !== undefined && { authorization_endpoint: server.authorization }),
    ...(server.revocation !== undefined && { revocation_endpoint: server.revocation }),
  };
}
