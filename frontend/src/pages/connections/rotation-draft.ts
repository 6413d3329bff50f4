import { type Connection, type ConnectionDetail, oauthServerSchema } from '@sluice/shared/api';
import type { ConnectorDescription } from '@sluice/shared/connector';
import { type AuthDraft, emptyAuth, isAuthKind } from './auth-draft.js';

/** What may be seen of a secret; null: nothing. */
export type Shown = ConnectionDetail['versions'][number]['shown'];

/** The same kind again; of an OAuth client or a user of an SSH server everything but the secret. */
export function startFrom(connection: Connection, connector: ConnectorDescription, shown: Shown): AuthDraft {
  const draft = emptyAuth(isAuthKind(connection.authKind) ? connection.authKind : 'none', connector);
  const { oauth } = connection;
  if (oauth === null) return { ...draft, username: textOf(shown?.['username']) || draft.username };
  const grants = connector.oauth?.grants ?? [];
  return {
    ...draft,
    ...serverOf(shown),
    clientId: textOf(shown?.['clientId']),
    grant:
      grants.find((grant) => grant === shown?.['grant']) ??
      grants.find((grant) => (grant === 'authorizationCode') === oauth.needsPerson) ??
      draft.grant,
    scopes: oauth.approved.filter((scope) => !connector.oauth?.extraScopes.includes(scope)),
    ...(draft.serverBy === 'vendor' && { serverBy: 'vendor' as const }),
  };
}

function serverOf(shown: Shown): Partial<AuthDraft> {
  const server = oauthServerSchema.safeParse(shown?.['server']).data;
  if (server === undefined) return {};
  if ('issuer' in server) return { serverBy: 'issuer', issuer: server.issuer };
  const { token, authorization = '', revocation = '' } = server;
  return { serverBy: 'endpoints', tokenEndpoint: token, authorization, revocation };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
