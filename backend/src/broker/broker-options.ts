import { type Lookup, lookUp } from './egress/resolve.js';

export interface BrokerOptions {
  /** Hosts, addresses or CIDRs with an optional port that may be reached although private or in the clear. */
  allowPrivateHosts: readonly string[];
  /** Declared host to the URL of its stand-in. */
  doubles: ReadonlyMap<string, string>;
  /** Calls under way at once; 512. */
  maxInFlight?: number;
  /** Calls under way to one host; 256. */
  maxPerHost?: number;
  /** Certificates to trust beside the well-known ones, in PEM. */
  trustedCertificates?: readonly string[];
  /** The machine's resolver unless given. */
  lookup?: Lookup;
}

export const brokerDefaults = { maxInFlight: 512, maxPerHost: 256, lookup: lookUp } as const;
