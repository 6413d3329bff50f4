import type { AuthInput, Issue } from '@sluice/shared/api';
import type { Connector } from '@sluice/shared/connector';

type OAuthInput = Extract<AuthInput, { kind: 'oauth2' }>;

/** An OAuth credential as it is sealed: with the endpoints and the manner of the vendor, where it has its own. */
export function checkOAuth({ base }: Connector, auth: OAuthInput): { auth: OAuthInput; issues: Issue[] } {
  const { oauth } = base;
  if (oauth === undefined) return { auth, issues: [issue('kind', `${base.title} takes no OAuth.`)] };
  const issues: Issue[] = [];
  if (!oauth.grants.includes(auth.grant))
    issues.push(issue('grant', `${base.title} takes ${oauth.grants.join(' or ')}.`));
  if (auth.grant === 'clientCredentials' && auth.clientSecret === undefined) {
    issues.push(issue('clientSecret', 'A client that acts for itself needs a secret.'));
  }
  if (auth.grant === 'serviceAccount' && auth.clientSecret?.includes('PRIVATE KEY-----') !== true) {
    issues.push(issue('clientSecret', 'Give the private key of the service account, with its BEGIN and END lines.'));
  }
  if (oauth.server === 'connection') {
    issues.push(...checkServer(auth));
    return { auth: { ...auth, clientAuth: auth.clientAuth ?? 'basic' }, issues };
  }
  // The client's secret goes to the vendor alone, whatever the request says.
  if (auth.server !== undefined) issues.push(issue('server', `${base.title} has its own endpoints: leave this out.`));
  const known = [...Object.values(base.scopes).flatMap(({ vendor }) => vendor), ...(oauth.extraScopes ?? [])];
  const strange = auth.scopes.filter((scope) => !known.includes(scope));
  if (strange.length > 0) {
    issues.push(issue('scopes', `No action of ${base.title} needs ${strange.join(', ')}: leave it out.`));
  }
  const scopes = [...new Set([...auth.scopes, ...(oauth.extraScopes ?? [])])];
  return { auth: { ...auth, scopes, server: { ...oauth.server }, clientAuth: oauth.clientAuth ?? 'basic' }, issues };
}

function checkServer({ server, grant }: OAuthInput): Issue[] {
  if (server === undefined) return [issue('server', 'Name the issuer, or the token endpoint.')];
  if ('issuer' in server || grant !== 'authorizationCode' || server.authorization !== undefined) return [];
  return [issue('server.authorization', 'Name the place where people authorize, or the issuer instead.')];
}

function issue(path: string, message: string): Issue {
  return { path: `auth.${path}`, message };
}
