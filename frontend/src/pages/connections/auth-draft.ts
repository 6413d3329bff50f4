import type { AuthInput } from '@sluice/shared/api';
import type { ConnectorDescription, OAuthGrant } from '@sluice/shared/connector';

export type AuthKind = AuthInput['kind'];

/** What the fields of any kind hold while a person types; only those of the chosen kind are sent. */
export interface AuthDraft {
  kind: AuthKind;
  token: string;
  username: string;
  password: string;
  place: 'header' | 'query';
  name: string;
  value: string;
  grant: OAuthGrant;
  clientId: string;
  clientSecret: string;
  clientAuth: 'basic' | 'post';
  scopes: string[];
  /** How a connection names its authorization server; `vendor`: it can't, the service has its own. */
  serverBy: 'vendor' | 'issuer' | 'endpoints';
  issuer: string;
  authorization: string;
  tokenEndpoint: string;
  revocation: string;
}

export function emptyAuth(kind: AuthKind, oauth: ConnectorDescription['oauth'] = null): AuthDraft {
  return {
    kind,
    token: '',
    username: '',
    password: '',
    place: 'header',
    name: '',
    value: '',
    grant: oauth?.grants[0] ?? 'authorizationCode',
    clientId: '',
    clientSecret: '',
    clientAuth: 'basic',
    scopes: [],
    serverBy: oauth?.server === 'vendor' ? 'vendor' : 'issuer',
    issuer: '',
    authorization: '',
    tokenEndpoint: '',
    revocation: '',
  };
}

export function authFromDraft(draft: AuthDraft): AuthInput {
  switch (draft.kind) {
    case 'none':
      return { kind: 'none' };
    case 'bearer':
      return { kind: 'bearer', token: draft.token };
    case 'basic':
      return { kind: 'basic', username: draft.username, password: draft.password };
    case 'apiKey':
      return { kind: 'apiKey', in: draft.place, name: draft.name, value: draft.value };
    case 'oauth2':
      return oauthFromDraft(draft);
  }
}

function oauthFromDraft(draft: AuthDraft): AuthInput {
  const { grant, clientId, clientSecret, clientAuth, scopes } = draft;
  const server = serverFromDraft(draft);
  return {
    kind: 'oauth2',
    grant,
    clientId: clientId.trim(),
    scopes,
    ...(clientSecret !== '' && { clientSecret }),
    ...(server && { server, clientAuth }),
  };
}

function serverFromDraft({ serverBy, issuer, authorization, tokenEndpoint, revocation }: AuthDraft) {
  if (serverBy === 'vendor') return null;
  if (serverBy === 'issuer') return { issuer: issuer.trim() };
  return {
    token: tokenEndpoint.trim(),
    ...(authorization.trim() !== '' && { authorization: authorization.trim() }),
    ...(revocation.trim() !== '' && { revocation: revocation.trim() }),
  };
}

export function isAuthComplete(draft: AuthDraft): boolean {
  switch (draft.kind) {
    case 'none':
      return true;
    case 'bearer':
      return draft.token !== '';
    case 'basic':
      return draft.username !== '' && draft.password !== '';
    case 'apiKey':
      return draft.name !== '' && draft.value !== '';
    case 'oauth2':
      return isOAuthComplete(draft);
  }
}

function isOAuthComplete(draft: AuthDraft): boolean {
  if (draft.clientId.trim() === '') return false;
  if (draft.grant === 'clientCredentials' && draft.clientSecret === '') return false;
  if (draft.serverBy === 'vendor') return draft.scopes.length > 0;
  if (draft.serverBy === 'issuer') return draft.issuer.trim() !== '';
  return (
    draft.tokenEndpoint.trim() !== '' && (draft.grant === 'clientCredentials' || draft.authorization.trim() !== '')
  );
}

export function isAuthKind(kind: string): kind is AuthKind {
  return ['none', 'bearer', 'basic', 'apiKey', 'oauth2'].includes(kind);
}
