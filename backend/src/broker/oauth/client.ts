import * as oauth from 'oauth4webapi';
import type { OAuthAuth } from '../credential.js';
import { refused } from '../refusal.js';
import { stripSecrets } from '../strip.js';
import type { guardedFetch } from './guarded-fetch.js';
import { readScopes } from './scopes.js';
import { makeAssertion } from './service-account.js';

/** What an authorization server gave. */
export interface TokenAnswer {
  access: string;
  refresh: string | null;
  scopes: string[];
  /** Null: it did not say. */
  lifetimeSeconds: number | null;
}

export type Fetch = ReturnType<typeof guardedFetch>;

/** Fields of a form that say something in confidence (RFC 6749, RFC 7523, RFC 7636). */
const confidential = ['assertion', 'client_secret', 'code', 'code_verifier', 'refresh_token'];

/** One connection as a client of its authorization server. Rejects with errors that `explainOAuth` reads. */
export class OAuthClient {
  readonly #auth: OAuthAuth;
  readonly #server: oauth.AuthorizationServer;
  readonly #options: { [oauth.customFetch]: Fetch; [oauth.allowInsecureRequests]: true };

  readonly #now: () => number;
  /** What the server was told in confidence, as it went out. */
  readonly #told: string[];

  constructor(auth: OAuthAuth, server: oauth.AuthorizationServer, { fetch, now }: { fetch: Fetch; now: () => number }) {
    this.#auth = auth;
    this.#server = server;
    this.#now = now;
    // Whether a host may be called in the clear is the egress guard's to say.
    this.#options = {
      [oauth.customFetch]: (url, init) => {
        this.#told.push(...secretsIn(init));
        return fetch(url, init);
      },
      [oauth.allowInsecureRequests]: true,
    };
    this.#told = auth.clientSecret === undefined ? [] : [auth.clientSecret];
  }

  async ownToken(): Promise<TokenAnswer> {
    const { scopes } = this.#auth;
    if (this.#auth.grant === 'serviceAccount') return await this.#signedToken();
    const parameters = new URLSearchParams(scopes.length === 0 ? {} : { scope: scopes.join(' ') });
    const response = await oauth.clientCredentialsGrantRequest(
      this.#server,
      this.#client,
      this.#clientAuth(),
      parameters,
      this.#options,
    );
    return this.#read(await oauth.processClientCredentialsResponse(this.#server, this.#client, response), scopes);
  }

  /** The assertion is the proof: nothing of the client goes along. */
  async #signedToken(): Promise<TokenAnswer> {
    const assertion = makeAssertion(this.#auth, this.#server.token_endpoint ?? '', this.#now());
    const response = await oauth.genericTokenEndpointRequest(
      this.#server,
      this.#client,
      () => undefined,
      'urn:ietf:params:oauth:grant-type:jwt-bearer',
      { assertion },
      this.#options,
    );
    return this.#read(
      await oauth.processGenericTokenEndpointResponse(this.#server, this.#client, response),
      this.#auth.scopes,
    );
  }

  /** `granted`: the scopes that the refresh token stands for. */
  async refresh(token: string, granted: readonly string[]): Promise<TokenAnswer> {
    const response = await oauth.refreshTokenGrantRequest(
      this.#server,
      this.#client,
      this.#clientAuth(),
      token,
      this.#options,
    );
    const answer = this.#read(await oauth.processRefreshTokenResponse(this.#server, this.#client, response), granted);
    // RFC 6749, 6: none in the answer means that the old one goes on.
    return { ...answer, refresh: answer.refresh ?? token };
  }

  /** The address that the browser goes to. Throws CallEnded when the server knows no PKCE. */
  async authorizationUrl(one: { state: string; verifier: string; redirectUri: string }): Promise<string> {
    const { authorization_endpoint: endpoint, code_challenge_methods_supported: methods } = this.#server;
    if (endpoint === undefined) {
      throw refused('broker.oauth_no_endpoint', 'The authorization server names no place where people authorize.');
    }
    // RFC 9700, 2.1.1: without it a stolen code could be used by whoever stole it.
    if (!methods?.includes('S256')) {
      throw refused(
        'broker.oauth_no_pkce',
        'The authorization server does not support PKCE with S256, which every authorization here needs.',
      );
    }
    const url = new URL(endpoint);
    // A browser is sent there: metadata may say anything, such as javascript:.
    if (url.protocol !== 'https:' && url.protocol !== 'http:') {
      throw refused('broker.oauth_no_endpoint', 'The authorization server names a place that is no web address.');
    }
    const parameters = {
      response_type: 'code',
      client_id: this.#auth.clientId,
      redirect_uri: one.redirectUri,
      state: one.state,
      code_challenge: await oauth.calculatePKCECodeChallenge(one.verifier),
      code_challenge_method: 'S256',
      ...(this.#auth.scopes.length > 0 && { scope: this.#auth.scopes.join(' ') }),
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url.href;
  }

  /** Checks what the browser came back with (state; `iss`, RFC 9207) and exchanges the code. */
  async exchange(
    query: URLSearchParams,
    one: { state: string; verifier: string; redirectUri: string },
  ): Promise<TokenAnswer> {
    const parameters = oauth.validateAuthResponse(this.#server, this.#client, query, one.state);
    const response = await oauth.authorizationCodeGrantRequest(
      this.#server,
      this.#client,
      this.#clientAuth(),
      parameters,
      one.redirectUri,
      one.verifier,
      this.#options,
    );
    const answer = await oauth.processAuthorizationCodeResponse(this.#server, this.#client, response);
    return this.#read(answer, this.#auth.scopes);
  }

  /** RFC 7009. False: the server has no place for it. */
  async revoke(token: string): Promise<boolean> {
    if (this.#server.revocation_endpoint === undefined) return false;
    const response = await oauth.revocationRequest(
      this.#server,
      this.#client,
      this.#clientAuth(),
      token,
      this.#options,
    );
    await oauth.processRevocationResponse(response);
    return true;
  }

  /** People are told which other scopes a server grants than were `asked`: no secret that it writes there may be among them. */
  #read(answer: oauth.TokenEndpointResponse, asked: readonly string[]): TokenAnswer {
    const { access_token: access, refresh_token: refresh = null, scope, expires_in: lifetimeSeconds = null } = answer;
    const scopes = readScopes(scope, asked);
    const isAsked = scopes.every((one) => asked.includes(one));
    const strip = () => stripSecrets([...this.#told, access, refresh ?? '']).text(scope ?? '');
    return { access, refresh, scopes: isAsked ? scopes : readScopes(strip(), asked), lifetimeSeconds };
  }

  get #client(): oauth.Client {
    return { client_id: this.#auth.clientId };
  }

  #clientAuth(): oauth.ClientAuth {
    const { clientSecret, clientAuth } = this.#auth;
    if (clientSecret === undefined) return oauth.None();
    return clientAuth === 'post' ? oauth.ClientSecretPost(clientSecret) : oauth.ClientSecretBasic(clientSecret);
  }
}

function secretsIn({ headers, body }: Parameters<Fetch>[1]): string[] {
  const basic = new Headers(headers).get('authorization')?.replace(/^Basic /, '') ?? '';
  // Of the secret, not of the client id.
  const encoded = Buffer.from(basic, 'base64').toString('utf8').split(':').slice(1);
  const form = body instanceof URLSearchParams ? confidential.map((name) => body.get(name) ?? '') : [];
  return [basic, ...encoded, ...form].filter((one) => one !== '');
}
