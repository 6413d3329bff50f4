import type { WebhookScheme } from '@sluice/shared/connector';
import { newSecret } from '../../platform/ids.js';
import { readPublicKey } from '../../platform/keys/ed25519-text.js';
import { Problem } from '../../platform/problem.js';

/** 256 random bits in the form of Standard Webhooks: other senders take any text, so the scheme may change later. */
export function newSigningSecret(): string {
  return `whsec_${Buffer.from(newSecret(), 'base64url').toString('base64')}`;
}

/** Standard Webhooks 1.0: `whsec_` and 24 to 64 bytes in base64. Other senders choose freely. Throws `request.invalid`. */
export function assertSigningSecret(scheme: WebhookScheme, secret: string): void {
  if (/^wh[ps]k_/.test(secret)) throw wrong('secret', 'This is no secret to share: give a whpk_ key as publicKey.');
  if (scheme !== 'standard-webhooks') return;
  const [, text = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? [];
  const { length } = Buffer.from(text, 'base64');
  if (length >= 24 && length <= 64) return;
  throw wrong('secret', 'whsec_ and 24 to 64 bytes in base64 are needed.');
}

/** The sender's half that may be known, in the form of Standard Webhooks. Throws `request.invalid`, without what was given. */
export function assertPublicKey(scheme: WebhookScheme, text: string): void {
  if (scheme !== 'standard-webhooks')
    throw wrong('publicKey', 'Public keys go with Standard Webhooks alone: give the secret of this scheme.');
  if (text.startsWith('whsk_'))
    throw wrong(
      'publicKey',
      'This is the private half, which its sender alone should have: make a new pair, and give whpk_.',
    );
  if (readPublicKey(text) === null)
    throw wrong('publicKey', 'whpk_ and the 32 bytes of an Ed25519 public key in base64 are needed.');
}

function wrong(path: string, message: string): Problem {
  return new Problem('request.invalid', { issues: [{ path, message }] });
}
