import type { AuthInput } from '@sluice/shared/api';
import type { ConnectorDescription, KeyPlace, OAuthGrant } from '@sluice/shared/connector';

export type AuthKind = AuthInput['kind'];

/** What the fields of any kind hold while a person types; only those of the chosen kind are sent. */
export interface AuthDraft {
  kind: AuthKind;
  token: string;
  username: string;
  password: string;
  place: KeyPlace;
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

export function emptyAuth(kind: AuthKind, connector?: Pick<ConnectorDescription, 'oauth' | 'credentials'>): AuthDraft {
  const { oauth = null, credentials } = connector ?? {};
  return {
    kind,
    token: '',
    username: fixedUsername(credentials) ?? '',
    password: '',
    place: credentials?.apiKey?.in ?? 'header',
    name: credentials?.apiKey?.name ?? '',
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

/** Where everybody has the same user name. */
export function fixedUsername(credentials: ConnectorDescription['credentials'] | undefined): string | undefined {
  const username = credentials?.basic?.username;
  return username !== undefined && 'fixed' in username ? username.fixed : undefined;
}

export function authFromDraft(draft: AuthDraft): AuthInput {
  switch (draft.kind) {
    case 'none':
      return { kind: 'none' };
    case 'bearer':
      return { kind: 'bearer', token: draft.token };
    case 'basic':
      return { kind: 'basic', username: draft.username, password: draft.password };
    case 'signing':
      return { kind: 'signing', secret: draft.token.trim() };
    case 'hmacKey':
      return { kind: 'hmacKey', key: draft.token };
    case 'secretUrl':
      return { kind: 'secretUrl', url: draft.token.trim() };
    case 'sigV4':
      return {
        kind: 'sigV4',
        accessKeyId: draft.username.trim(),
        secretAccessKey: draft.password.trim(),
        region: draft.name.trim(),
      };
    case 'apiKey':
      return { kind: 'apiKey', in: draft.place, name: keyName(draft), value: draft.value };
    case 'sshKey':
      return { kind: 'sshKey', username: draft.username.trim() };
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
    // In the JSON file of a service account, line ends are written as \\n.
    ...(clientSecret !== '' && {
      clientSecret: grant === 'serviceAccount' ? clientSecret.replaceAll('\\n', '\n') : clientSecret,
    }),
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
    case 'signing':
    case 'secretUrl':
    case 'hmacKey':
      return draft.token !== '';
    case 'basic':
      return draft.username !== '' && draft.password !== '';
    case 'sigV4':
      return draft.username !== '' && draft.password !== '' && draft.name !== '';
    case 'apiKey':
      return keyName(draft) !== '' && draft.value !== '';
    case 'sshKey':
      return draft.username.trim() !== '';
    case 'oauth2':
      return isOAuthComplete(draft);
  }
}

function isOAuthComplete(draft: AuthDraft): boolean {
  if (draft.clientId.trim() === '') return false;
  if (draft.grant !== 'authorizationCode' && draft.clientSecret === '') return false;
  if (draft.serverBy === 'vendor') return draft.scopes.length > 0;
  if (draft.serverBy === 'issuer') return draft.issuer.trim() !== '';
  return (
    draft.tokenEndpoint.trim() !== '' && (draft.grant !== 'authorizationCode' || draft.authorization.trim() !== '')
  );
}

/** A user name stands in a header that has its own name. */
function keyName({ place, name }: AuthDraft): string {
  return place === 'username' ? 'Authorization' : name;
}

export function isAuthKind(kind: string): kind is AuthKind {
  return ['none', 'bearer', 'basic', 'apiKey', 'oauth2', 'sshKey', 'signing', 'secretUrl', 'sigV4', 'hmacKey'].includes(
    kind,
  );
}
