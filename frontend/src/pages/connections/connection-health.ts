import type { Connection } from '@sluice/shared/api';
import { now } from '../../lib/now.js';
import type { Status } from '../../ui/StatusBadge.js';

export type Health = Extract<
  Status,
  'healthy' | 'failing' | 'untested' | 'revoked' | 'expiring' | 'overdue' | 'unauthorized'
>;

const dayMs = 86_400_000;
/** From then on its owner hears of a date. */
const soonDays = 14;

/** The gravest thing that can be said of it. */
export function healthOf(connection: Connection): Health {
  if (connection.status === 'revoked') return 'revoked';
  if (connection.oauth?.status === 'not-authorized') return 'unauthorized';
  if (whyFailing(connection) !== null) return 'failing';
  const near = nearestDate(connection);
  if (near && near.isPast) return 'overdue';
  if (near && near.isSoon) return 'expiring';
  return connection.lastTest || connection.lastUsedAt ? 'healthy' : 'untested';
}

/** What its last call or test said against it; null: nothing. */
export function whyFailing({ oauth, lastError, lastTest }: Connection): { message: string; at: string | null } | null {
  if (oauth?.status === 'authorize-again') return { message: oauth.failure ?? 'Authorize it again.', at: null };
  if (lastError) return lastError;
  return lastTest && !lastTest.ok ? lastTest : null;
}

/** The first of the dates on which somebody has to do something. */
export function nearestDate({ dueAt, expiresAt, status }: Connection) {
  if (status === 'revoked') return null;
  const dates = [
    { kind: 'due' as const, at: dueAt },
    { kind: 'expires' as const, at: expiresAt },
  ].flatMap(({ kind, at }) => (at === null ? [] : [{ kind, at }]));
  const first = dates.toSorted((one, other) => one.at.localeCompare(other.at))[0];
  if (!first) return null;
  const left = Date.parse(first.at) - now().getTime();
  return { ...first, isPast: left <= 0, isSoon: left <= soonDays * dayMs };
}

export const authKindNames: Record<Connection['authKind'], string> = {
  none: 'No credential',
  bearer: 'Bearer token',
  basic: 'User name and password',
  apiKey: 'API key',
  oauth2: 'OAuth',
  sshKey: 'SSH key',
  signing: 'Signing secret',
  secretUrl: 'Secret address',
  sigV4: 'AWS access key',
  hmacKey: 'HMAC key',
};
