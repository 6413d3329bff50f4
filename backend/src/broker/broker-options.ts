import type { EgressOptions } from './egress/egress.js';
import { type Lookup, lookUp } from './egress/resolve.js';

export interface BrokerOptions extends Omit<EgressOptions, 'lookup' | 'now'> {
  /** Calls under way at once; 1,024. */
  maxInFlight?: number;
  /** Calls under way to one host, which leaves half to the others; 512. */
  maxPerHost?: number;
  /** How long it takes to be told that a host can't be reached; 5,000. */
  evenOutMilliseconds?: number;
  /** The machine's resolver unless given. */
  lookup?: Lookup;
}

export const brokerDefaults = { maxInFlight: 1024, maxPerHost: 512, lookup: lookUp } as const;
