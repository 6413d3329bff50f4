import type { AuthInput, Issue } from '@sluice/shared/api';
import type { Connector } from '@sluice/shared/connector';
import { readPrivateKey } from '../../platform/keys/ed25519-text.js';

/** What the vendor fixed of a credential may not be given otherwise: a key goes where the vendor wants it and nowhere else. */
export function checkCredential(
  { base: { title, credentials } }: Connector,
  auth: AuthInput,
  hosts: readonly string[] | null,
): Issue[] {
  if (auth.kind === 'secretUrl' && hosts !== null) {
    const { host } = new URL(auth.url);
    if (hosts.includes(host)) return [];
    return [{ path: 'auth.url', message: `The address is at ${host}, and the connection names ${hosts.join(', ')}.` }];
  }
  if (auth.kind === 'apiKey' && credentials?.apiKey !== undefined) {
    const { in: place, name } = credentials.apiKey;
    if (auth.in === place && auth.name.toLowerCase() === name.toLowerCase()) return [];
    const where = place === 'username' ? 'as the user name, with no password' : `in the ${place} ${name}`;
    return [{ path: 'auth.name', message: `${title} takes its key ${where}.` }];
  }
  if (auth.kind === 'basic' && credentials?.basic !== undefined && 'fixed' in credentials.basic.username) {
    const { fixed } = credentials.basic.username;
    if (auth.username === fixed) return [];
    return [{ path: 'auth.username', message: `${title} takes the user name ${fixed}.` }];
  }
  if (auth.kind === 'signing' && auth.secret.startsWith('whsk_') && readPrivateKey(auth.secret) === null)
    return [
      { path: 'auth.secret', message: 'The public half in this whsk_ key is another’s: give the pair as it was made.' },
    ];
  return [];
}
