import type { AuthInput, Issue } from '@sluice/shared/api';
import type { AuthKind, Connector } from '@sluice/shared/connector';
import { type Json, jsonSchema } from '@sluice/shared/lib';
import { z } from 'zod';
import { Problem } from '../../platform/problem.js';

const configSchema = z.record(z.string(), jsonSchema);

/** What a connector makes of the settings that a person gave: throws `connection.invalid` with issues. */
export function checkConnection(
  { base }: Connector,
  given: { auth: AuthInput; config: Readonly<Record<string, Json>> },
): { config: Record<string, Json>; hosts: string[] } {
  const parsed = z.safeParse<z.ZodType>(base.config, given.config);
  const wrong = parsed.error?.issues ?? [];
  const issues: Issue[] = [
    ...checkAuth(base.auth, base.title, given.auth.kind),
    ...wrong.map(({ path, message }) => ({ path: ['config', ...path].join('.'), message })),
  ];
  if (!parsed.success || issues.length > 0) throw new Problem('connection.invalid', { issues });
  const hosts = typeof base.hosts === 'function' ? base.hosts(parsed.data) : base.hosts;
  return { config: configSchema.parse(parsed.data), hosts: [...hosts] };
}

/** Throws `connection.invalid` when the connector can't prove itself this way. */
export function assertAuth({ base }: Connector, kind: AuthKind): void {
  const issues = checkAuth(base.auth, base.title, kind);
  if (issues.length > 0) throw new Problem('connection.invalid', { issues });
}

function checkAuth(accepted: readonly AuthKind[], title: string, kind: AuthKind): Issue[] {
  if (accepted.includes(kind)) return [];
  return [{ path: 'auth.kind', message: `${title} takes ${accepted.join(' or ')}, not ${kind}.` }];
}
