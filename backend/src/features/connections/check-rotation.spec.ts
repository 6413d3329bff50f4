import type { AuthInput } from '@sluice/shared/api';
import { expect, it } from 'vitest';
import { connectors } from '../../connectors/registry.js';
import { assertRotation } from './check-rotation.js';

const server = { issuer: 'https://login.example.com' };
const client: Extract<AuthInput, { kind: 'oauth2' }> = {
  kind: 'oauth2',
  grant: 'clientCredentials',
  clientId: 'robot',
  clientSecret: 'another',
  scopes: ['orders.read', 'orders.write'],
  server,
};
const shown = { grant: 'clientCredentials', clientId: 'robot', scopes: ['orders.read', 'orders.write'], server };

/** Where it is refused; empty: it is a rotation. */
function paths(auth: AuthInput, before: Parameters<typeof assertRotation>[1] = { authKind: 'oauth2', shown }) {
  const connector = connectors['http'];
  if (connector === undefined) throw new Error('There is HTTP');
  try {
    assertRotation(connector, before, auth);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ code: 'connection.not_a_rotation' });
    return (error as { issues: { path: string }[] }).issues.map(({ path }) => path);
  }
}

it('takes another secret of the same client, for as many scopes or fewer', () => {
  expect(paths(client)).toEqual([]);
  expect(paths({ ...client, scopes: ['orders.read'] })).toEqual([]);
  expect(paths({ kind: 'bearer', token: 'b' }, { authKind: 'bearer', shown: null })).toEqual([]);
});

it.each<[string, AuthInput]>([
  ['auth.scopes', { ...client, scopes: ['orders.read', 'orders.delete'] }],
  ['auth.server', { ...client, server: { issuer: 'https://login.example.org' } }],
  ['auth.clientId', { ...client, clientId: 'other' }],
  ['auth.grant', { ...client, grant: 'authorizationCode' }],
  ['auth.kind', { kind: 'bearer', token: 'b' }],
])('refuses another %s', (path, auth) => {
  expect(paths(auth)).toEqual([path]);
});

it('refuses another user of an SSH server', () => {
  const before = { authKind: 'sshKey' as const, shown: { username: 'sluice', publicKey: 'ssh-ed25519 AAAA' } };
  expect(paths({ kind: 'sshKey', username: 'sluice' }, before)).toEqual([]);
  expect(paths({ kind: 'sshKey', username: 'root' }, before)).toEqual(['auth.username']);
});
