import { isDeepStrictEqual } from 'node:util';
import type { AuthInput, Issue } from '@sluice/shared/api';
import type { AuthKind, Connector } from '@sluice/shared/connector';
import type { Json } from '@sluice/shared/lib';
import { Problem } from '../../platform/problem.js';

/** What people may see of a secret, as the vault tells it; null: nothing. */
export type Shown = Readonly<Record<string, Json>> | null;

/**
 * A rotation replaces what is secret and nothing that an approver looked at: grants stand on the connection, so what lets
 * it do more is another one. Throws `connection.not_a_rotation` with issues. Fewer scopes are fine.
 */
export function assertRotation(
  { base }: Connector,
  before: { authKind: AuthKind; shown: Shown },
  auth: AuthInput,
): void {
  const issues = before.authKind === auth.kind ? check(base, before.shown ?? {}, auth) : [issue('kind', 'kind')];
  if (issues.length > 0) throw new Problem('connection.not_a_rotation', { issues });
}

function check({ oauth }: Connector['base'], shown: NonNullable<Shown>, auth: AuthInput): Issue[] {
  const isOther = (name: string, value: unknown) => name in shown && !isDeepStrictEqual(shown[name], value);
  if (auth.kind === 'sshKey') return isOther('username', auth.username) ? [issue('username', 'user name')] : [];
  if (auth.kind !== 'oauth2') return [];
  const issues: Issue[] = [];
  if (isOther('grant', auth.grant)) issues.push(issue('grant', 'way to its tokens'));
  if (isOther('clientId', auth.clientId)) issues.push(issue('clientId', 'client'));
  // A vendor's own endpoints are the connector's: nobody chose them.
  if (oauth?.server === 'connection' && isOther('server', auth.server)) issues.push(issue('server', 'server'));
  const had = [...(scopesOf(shown) ?? auth.scopes), ...(oauth?.extraScopes ?? [])];
  const more = auth.scopes.filter((scope) => !had.includes(scope));
  if (more.length > 0) {
    const message = `${more.join(', ')} is more than this connection has: make a new one for it.`;
    issues.push({ path: 'auth.scopes', message });
  }
  return issues;
}

/** Scopes of an OAuth secret; null of any other. */
export function scopesOf(shown: Shown): string[] | null {
  const scopes = shown?.['scopes'];
  return Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === 'string') : null;
}

function issue(path: string, what: string): Issue {
  return { path: `auth.${path}`, message: `A rotation keeps the ${what}: make a new connection for another one.` };
}
