import type { KeyObject } from 'node:crypto';
import type { BlobStore } from '../platform/blobs/blob-store.js';
import type { EgressOptions } from './egress/egress.js';
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

export interface BrokerOptions extends Omit<EgressOptions, 'lookup' | 'now'> {
  /** Null: none. */
  mail?: MailSettings | null;
  /** Where files lie; without it there are none. */
  blobs?: BlobStore | null;
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
