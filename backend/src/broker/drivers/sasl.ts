import type { Credential } from '../credential.js';
import { refused } from '../refusal.js';

/** Who logs in at a mail server, and by what. */
export type Login = { username: string; password: string } | { username: string; token: string };

/** What shows an access token: XOAUTH2 of Google and Microsoft, OAUTHBEARER of RFC 7628. The first that a server offers is taken. */
export const tokenMechanisms = ['XOAUTH2', 'OAUTHBEARER'] as const;
export type TokenMechanism = (typeof tokenMechanisms)[number];

/** What is said at once, in base64. */
export function tokenResponse(mechanism: TokenMechanism, { username, token }: Login & { token: string }): string {
  const whose = mechanism === 'XOAUTH2' ? `user=${username}` : `n,a=${saslName(username)},`;
  return Buffer.from(`${whose}\x01auth=Bearer ${token}\x01\x01`).toString('base64');
}

/** What a server that tells why it refuses is answered, so that it ends the exchange (RFC 7628, 3.2.3). */
export const tokenRefusalHeard: Readonly<Record<TokenMechanism, string>> = { XOAUTH2: '', OAUTHBEARER: 'AQ==' };

/** RFC 5801, 4. */
function saslName(name: string): string {
  return name.replaceAll('=', '=3D').replaceAll(',', '=2C');
}

/** What a connection logs in by; `account`: whose mailbox its settings name. Throws CallEnded. */
export function loginOf(auth: Credential, account: string | undefined): Login {
  if (auth.kind === 'basic') return auth;
  if (auth.kind !== 'bearer')
    throw refused(
      'broker.bad_secret',
      'A mail server takes a user name and password, or OAuth: change the connection.',
    );
  if (account === undefined)
    throw refused(
      'broker.bad_secret',
      "The connection's settings don't say whose mailbox the token is for: add its user name.",
    );
  return { username: account, token: auth.token };
}

export function noTokens(label: string) {
  return refused(
    'egress.login_refused',
    `${label} takes no access tokens (XOAUTH2 or OAUTHBEARER): connect it with a user name and password.`,
  );
}

/** What a login that was refused asks of people. */
export function loginRefused(label: string, login: Login) {
  const message =
    'token' in login
      ? `${label} does not accept the connection's access token for ${login.username}: authorize it again with the scopes for mail, as this user.`
      : `${label} does not accept the connection's user name and password: enter them again.`;
  return refused('egress.login_refused', message);
}
