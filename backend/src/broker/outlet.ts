import type { Credential } from './credential.js';
import type { HttpReply } from '@sluice/shared/connector';
import type { Bulkhead } from './bulkhead.js';
import type { CallRecord, Capability } from './call.js';
import type { KnownStanding } from './assert-standing.js';
import type { HttpDriver } from './drivers/http.js';
import type { BrokerFiles } from './files/broker-files.js';
import type { Egress } from './egress/egress.js';
import type { Circuits } from './limits/circuits.js';
import type { RetryBudgets } from './limits/retry-budget.js';
import type { TokenLeases } from './limits/token-leases.js';
import type { PlainRequest } from './messages.js';

export interface BrokerCall {
  capability: Capability;
  request: PlainRequest;
  /** As CallBounds has them. */
  startBy?: number | undefined;
  isRetry?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

/** What the senders need of the desk. */
export interface Outlet {
  egress: Egress;
  http: HttpDriver;
  bulkhead: Bulkhead;
  circuits: Circuits;
  retries: RetryBudgets;
  leases: TokenLeases;
  files: BrokerFiles;
  now: () => number;
}

/** A call that passed every check that needs no address. */
export interface CheckedCall extends BrokerCall {
  standing: KnownStanding;
  /** Filled in by the sender as it goes, so that a failed call is recorded too. */
  record: { current: CallRecord | null };
  /** What has not left by now may not leave any more: `startBy` is over, by the clock or by the time since the call came. */
  isLate(): boolean;
  /** The checks once more, as things stand now. Rejects with CallEnded. */
  checkAgain(): Promise<KnownStanding>;
  /** Tells what the service answered, before anybody else hears of it. */
  answered(reply: HttpReply): Promise<void>;
  /** Rejects with CallEnded. */
  secret(standing: KnownStanding): Promise<Credential>;
  /** The version before, while it is kept, of a kind that two versions may serve at once. Rejects with CallEnded. */
  secretBefore(standing: KnownStanding): Promise<Credential | null>;
}
