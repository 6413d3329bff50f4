import type { Connection } from '@sluice/shared/api';

export type Health = 'healthy' | 'failing' | 'untested' | 'revoked';

/** As of the last test; a revoked connection has no health. */
export function healthOf(connection: Connection): Health {
  if (connection.status === 'revoked') return 'revoked';
  if (!connection.lastTest) return 'untested';
  return connection.lastTest.ok ? 'healthy' : 'failing';
}

export const authKindNames: Record<Connection['authKind'], string> = {
  none: 'No credential',
  bearer: 'Bearer token',
  basic: 'User name and password',
  apiKey: 'API key',
  oauth2: 'OAuth',
};
