import type { CallLimits } from '@sluice/shared/api';
import type { KnownStanding } from '../assert-standing.js';
import type { Capability } from '../call.js';
import { putOff } from '../refusal.js';
import type { TokenLeases } from './token-leases.js';

interface Limit {
  key: string;
  limits: CallLimits | null | undefined;
  of: string;
}

/** Takes a token of each limit that the call falls under, or none of them. Throws CallEnded. */
export async function assertWithinLimits(
  leases: TokenLeases,
  { connection, flow, environment, grant }: Capability,
  { limits, policy, grant: granted }: KnownStanding,
): Promise<void> {
  const all: Limit[] = [
    { key: connection, limits, of: 'This connection' },
    { key: `${flow} ${environment}`, limits: flow === null ? null : policy.flowLimits, of: 'A flow' },
    { key: grant ?? '', limits: policy.approval ? granted?.rate : null, of: 'This step, by its grant,' },
  ];
  const taken: string[] = [];
  for (const limit of all) {
    if (limit.limits === null || limit.limits === undefined) continue;
    const seconds = await leases.take(limit.key, limit.limits);
    if (seconds > 0) {
      for (const key of taken) leases.giveBack(key);
      throw putOff('broker.rate_limited', `${limit.of} may make ${words(limit.limits)}: nothing was sent.`, seconds);
    }
    taken.push(limit.key);
  }
}

function words({ callsPerSecond: rate }: CallLimits): string {
  return rate < 1 ? `one call in ${Math.round(1 / rate)} seconds` : `${rate} calls a second`;
}
