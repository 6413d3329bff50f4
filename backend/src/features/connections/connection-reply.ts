import type { Connection, ConnectionDetail } from '@sluice/shared/api';
import { oauthGrants } from '@sluice/shared/connector';
import { z } from 'zod';
import type { Calls, Pause, ConnectionRow, Use } from './connections.repository.js';
import type { VersionRow } from './connection-versions.repository.js';

export function toReply(row: ConnectionRow, uses: readonly Use[]): Connection {
  return {
    id: row.id,
    connector: row.connector,
    environment: row.environment,
    name: row.name,
    authKind: row.authKind,
    config: row.config,
    hosts: row.hosts,
    limits: row.limits,
    status: row.revokedAt === null ? 'active' : 'revoked',
    version: row.secretVersion,
    owner: { id: row.ownerId, name: row.ownerName },
    createdAt: row.createdAt.toISOString(),
    rotatedAt: row.rotatedAt.toISOString(),
    rotateDays: row.rotateDays,
    dueAt: row.dueAt?.toISOString() ?? null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    lastTest: row.lastTest,
    lastError: row.lastError,
    oauth: row.authKind === 'oauth2' ? toOAuth(row) : null,
    usedBy: uses.map(({ flow, name, environment, slot }) => ({ flow, name, environment, slot })),
  };
}

export function toDetail(
  connection: Connection,
  {
    versions,
    calls,
    granted,
    pauses,
  }: { versions: readonly VersionRow[]; calls: readonly Calls[]; granted: string[]; pauses: readonly Pause[] },
): ConnectionDetail {
  return {
    ...connection,
    versions: versions.map((row) => ({
      version: row.version,
      authKind: row.authKind,
      shown: row.shown,
      createdBy: { id: row.createdBy, name: row.createdByName },
      createdAt: row.createdAt.toISOString(),
      state: stateOf(row),
      keptUntil: row.keptUntil?.toISOString() ?? null,
    })),
    uses: calls.map(({ scope, host, calls: count, lastAt }) => ({
      scope,
      host,
      calls: count,
      lastAt: lastAt.toISOString(),
    })),
    granted,
    pauses: pauses.map(({ until, ...pause }) => ({ ...pause, until: until.toISOString() })),
  };
}

function stateOf({ destroyedAt, keptUntil }: VersionRow): ConnectionDetail['versions'][number]['state'] {
  if (destroyedAt !== null) return 'destroyed';
  return keptUntil === null ? 'in-use' : 'kept';
}

const shownSchema = z.object({ grant: z.enum(oauthGrants), scopes: z.array(z.string()) });

function toOAuth(row: ConnectionRow): Connection['oauth'] {
  const { grant, scopes } = shownSchema.parse(row.shown);
  const needsPerson = grant === 'authorizationCode';
  const isAuthorized = row.obtainedAt !== null || !needsPerson;
  return {
    status: row.failure !== null ? 'authorize-again' : isAuthorized ? 'authorized' : 'not-authorized',
    approved: scopes,
    granted: row.granted,
    expiresAt: row.tokenExpiresAt?.toISOString() ?? null,
    obtainedAt: row.obtainedAt?.toISOString() ?? null,
    needsPerson,
    failure: row.failure?.message ?? null,
  };
}
