import type { KeyObject } from 'node:crypto';
import { type Lookup, lookUp } from './egress/resolve.js';

/** The installation's own mail server, for what members are told. */
export interface MailSettings {
  host: string;
  port: number;
  /** `required`: TLS from the first byte. `none`: in the clear, to a host that is allowed so. */
  tls: 'required' | 'starttls' | 'none';
  /** `Sluice <sluice@example.com>` */
  from: string;
  username: string | null;
  password: KeyObject | null;
}

export interface BrokerOptions {
  /** Null: none. */
  mail?: MailSettings | null;
  /** Hosts, addresses or CIDRs with an optional port that may be reached although private or in the clear. */
  allowPrivateHosts: readonly string[];
  /** Declared host to the URL of its stand-in. */
  doubles: ReadonlyMap<string, string>;
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
