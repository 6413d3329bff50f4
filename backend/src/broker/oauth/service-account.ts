import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import type { OAuthAuth } from '../credential.js';
import { refused } from '../refusal.js';

/** Google takes no assertion that lives longer. */
const lifeSeconds = 3600;

/**
 * What a service account shows to get a token (RFC 7523, 2.1): a JWT with RS256, signed by its own key. `now` is in
 * milliseconds since 1970. Throws CallEnded when the key can't be read.
 */
export function makeAssertion(
  { clientId, clientSecret = '', scopes }: OAuthAuth,
  tokenEndpoint: string,
  now: number,
): string {
  const issued = Math.floor(now / 1000);
  const claims = {
    iss: clientId,
    scope: scopes.join(' '),
    aud: tokenEndpoint,
    iat: issued,
    exp: issued + lifeSeconds,
  };
  const text = [{ alg: 'RS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${text}.${sign('sha256', Buffer.from(text), readKey(clientSecret)).toString('base64url')}`;
}

function readKey(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'rsa') return key;
  } catch {
    // What it says of the text may hold a part of it.
  }
  throw refused(
    'broker.bad_secret',
    "The service account's private key can't be read: enter what stands at private_key in its JSON file, an RSA key in PEM.",
  );
}
