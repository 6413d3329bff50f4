import type { AuthInput, Issue } from '@sluice/shared/api';
import type { Connector } from '@sluice/shared/connector';
import { type Json, jsonSchema } from '@sluice/shared/lib';
import { z } from 'zod';
import { connectors } from '../../connectors/registry.js';
import { checkOAuth } from './check-oauth.js';
import { Problem } from '../../platform/problem.js';

const configSchema = z.record(z.string(), jsonSchema);

/** Throws `connector.unknown`. */
export function getConnector(id: string): Connector {
  const connector = connectors[id];
  if (connector === undefined)
    throw new Problem('connector.unknown', { message: `There is no connector "${id}" here.` });
  return connector;
}

/** What a connector makes of the settings that a person gave: throws `connection.invalid` with issues. */
export function checkConnection(
  connector: Connector,
  given: { auth: AuthInput; config: Readonly<Record<string, Json>> },
): { config: Record<string, Json>; hosts: string[]; auth: AuthInput } {
  const { base } = connector;
  const parsed = z.safeParse<z.ZodType>(base.config, given.config);
  const wrong = parsed.error?.issues ?? [];
  const auth = readAuth(connector, given.auth);
  const issues: Issue[] = [
    ...auth.issues,
    ...wrong.map(({ path, message }) => ({ path: ['config', ...path].join('.'), message })),
  ];
  if (!parsed.success || issues.length > 0) throw new Problem('connection.invalid', { issues });
  const hosts = typeof base.hosts === 'function' ? base.hosts(parsed.data) : base.hosts;
  return { config: configSchema.parse(parsed.data), hosts: [...hosts], auth: auth.auth };
}

/** What a connector makes of a credential: throws `connection.invalid` with issues. */
export function checkAuth(connector: Connector, given: AuthInput): AuthInput {
  const { auth, issues } = readAuth(connector, given);
  if (issues.length > 0) throw new Problem('connection.invalid', { issues });
  return auth;
}

function readAuth(connector: Connector, auth: AuthInput): { auth: AuthInput; issues: Issue[] } {
  const { base } = connector;
  if (base.auth.includes(auth.kind)) {
    return auth.kind === 'oauth2' ? checkOAuth(connector, auth) : { auth, issues: [] };
  }
  const message = `${base.title} takes ${base.auth.join(' or ')}, not ${auth.kind}.`;
  return { auth, issues: [{ path: 'auth.kind', message }] };
}
