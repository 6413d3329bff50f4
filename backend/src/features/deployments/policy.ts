import { allowsHost, type EnvironmentPolicy, unsignedUntil } from '@sluice/shared/api';
import type { FlowDocument } from '@sluice/shared/flow';
import { Problem } from '../../platform/problem.js';
import type { Bindable } from './bindings.js';
import { hookOf } from './hook.js';

/** The environment's policy lets this run: how its sender signs, and the hosts that it may call. Throws a Problem. */
export function assertPolicy(
  { name, policy }: { name: string; policy: EnvironmentPolicy },
  { document, connections }: { document: FlowDocument; connections: readonly Bindable[] },
  now: number,
): void {
  const scheme = hookOf(document)?.scheme;
  if (scheme === 'none' && unsignedUntil(policy) <= now) {
    throw new Problem('deployment.scheme_refused', {
      message: `${name} takes no webhook without a signature; choose how its sender signs.`,
    });
  }
  const { schemes } = policy.webhooks ?? {};
  if (scheme !== undefined && scheme !== 'none' && schemes !== undefined && !schemes.includes(scheme)) {
    throw new Problem('deployment.scheme_refused', {
      message: `${name} takes webhooks signed by ${schemes.join(', ')}; this one is signed by ${scheme}.`,
    });
  }
  const issues = connections.flatMap(({ hosts }) =>
    hosts
      .filter((host) => !allowsHost(policy, host))
      .map((host) => ({ path: 'bindings', message: `The policy of ${name} does not allow ${host}.` })),
  );
  if (issues.length > 0) throw new Problem('deployment.host_refused', { issues });
}
