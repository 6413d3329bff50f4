import type { Retry } from '@sluice/shared/flow';

/** A policy that tries again after each of these pauses, in seconds. */
export function retryBy(pauses: readonly number[]): Retry {
  return { attempts: pauses.length + 1, backoff: 'exponential', firstSeconds: pauses[0] ?? 0, pauses: [...pauses] };
}
