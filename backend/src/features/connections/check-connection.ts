import type { AuthInput, Issue } from '@sluice/shared/api';
import type { Connector } from '@sluice/shared/connector';
import { type Json, jsonSchema } from '@sluice/shared/lib';
import { z } from 'zod';
import { checkCredential } from './check-credential.js';
import { checkOAuth } from './check-oauth.js';
import { Problem } from '../../platform/problem.js';

const configSchema = z.record(z.string(), jsonSchema);

/** What a connector makes of the settings that a person gave: throws `connection.invalid` with issues. */
export function checkConnection(
  connector: Connector,
  given: { auth: AuthInput; config: Readonly<Record<string, Json>> },
): { config: Record<string, Json>; hosts: string[]; auth: AuthInput } {
  const { base } = connector;
  const parsed = z.safeParse<z.ZodType>(base.config, given.config);
  const wrong = parsed.error?.issues ?? [];
  const hosts = typeof base.hosts !== 'function' ? base.hosts : parsed.success ? base.hosts(parsed.data) : null;
  const auth = readAuth(connector, given.auth, hosts);
  const issues: Issue[] = [
    ...auth.issues,
    ...missingAccount(connector, given),
    ...wrong.map(({ path, message }) => ({ path: ['config', ...path].join('.'), message })),
  ];
  if (!parsed.success || hosts === null || issues.length > 0) throw new Problem('connection.invalid', { issues });
  return { config: configSchema.parse(parsed.data), hosts: [...hosts], auth: auth.auth };
}

function missingAccount({ base }: Connector, { auth, config }: Parameters<typeof checkConnection>[1]): Issue[] {
  const account = auth.kind === 'oauth2' ? base.oauth?.account : undefined;
  if (account === undefined || (config[account] ?? '') !== '') return [];
  return [
    { path: `config.${account}`, message: 'Name whose account the token is for, mostly the whole mail address.' },
  ];
}

/** What a connector makes of a credential for a connection that may reach these hosts: throws `connection.invalid` with issues. */
export function checkAuth(connector: Connector, given: AuthInput, hosts: readonly string[]): AuthInput {
  const { auth, issues } = readAuth(connector, given, hosts);
  if (issues.length > 0) throw new Problem('connection.invalid', { issues });
  return auth;
}

/** Hosts are null where the settings that name them are wrong. */
function readAuth(
  connector: Connector,
  auth: AuthInput,
  hosts: readonly string[] | null,
): { auth: AuthInput; issues: Issue[] } {
  const { base } = connector;
  if (base.auth.includes(auth.kind)) {
    return auth.kind === 'oauth2'
      ? checkOAuth(connector, auth)
      : { auth, issues: checkCredential(connector, auth, hosts) };
  }
  const message = `${base.title} takes ${base.auth.join(' or ')}, not ${auth.kind}.`;
  return { auth, issues: [{ path: 'auth.kind', message }] };
}
