/**
 * How an OAuth client comes by a token: a person authorizes it, it is its own (RFC 6749), or it is a service account that
 * signs for itself (RFC 7523; the client id is its e-mail, the secret its private key).
 */
export const oauthGrants = ['authorizationCode', 'clientCredentials', 'serviceAccount'] as const;
export type OAuthGrant = (typeof oauthGrants)[number];

/** How a client says who it is at the token endpoint (RFC 6749, 2.3.1). */
export const clientAuths = ['basic', 'post'] as const;
export type ClientAuth = (typeof clientAuths)[number];

/** OAuth at one service. PKCE (S256) and a one-time state go with every authorization. */
export interface OAuthDeclaration {
  grants: readonly OAuthGrant[];
  /** The vendor's own endpoints; `connection`: the connection's owner names an authorization server. */
  server: { authorization?: string; token: string; revocation?: string } | 'connection';
  /** The setting without which a token is no login: whose account it is for. */
  account?: string;
  /** For a vendor's own server; a connection says it itself. */
  clientAuth?: ClientAuth;
  /** Vendor scopes that go with every authorization, beside those behind the connector's own. */
  extraScopes?: readonly string[];
}
