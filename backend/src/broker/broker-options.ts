import { type Lookup, lookUp } from './egress/resolve.js';

export interface BrokerOptions {
  /** Hosts, addresses or CIDRs with an optional port that may be reached although private or in the clear. */
  allowPrivateHosts: readonly string[];
  /** Declared host to the URL of its stand-in. */
  doubles: ReadonlyMap<string, string>;
  /** Host and port of the key service, as they are labelled: no call of a flow reaches it. */
  keyService?: string | null;
  /** Calls under way at once; 1,024. */
  maxInFlight?: number;
  /** Calls under way to one host, which leaves half to the others; 512. */
  maxPerHost?: number;
  /** Certificates to trust beside the well-known ones, in PEM. */
  trustedCertificates?: readonly string[];
  /** The machine's resolver unless given. */
  lookup?: Lookup;
}

export const brokerDefaults = { maxInFlight: 1024, maxPerHost: 512, lookup: lookUp } as const;
