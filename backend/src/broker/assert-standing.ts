import { type Allowance, allowsHost } from '@sluice/shared/api';
import { wholeReply } from '@sluice/shared/connector';
import { grantHash } from '../platform/grant-hash.js';
import { assertHostNotStopped } from './assert-not-stopped.js';
import type { Capability } from './call.js';
import { formatHost, type HostPort, isSameHost, parseHostPort } from './egress/host-port.js';
import { type CallEnded, refused } from './refusal.js';
import type { Standing } from './standing.js';

type Grant = NonNullable<Standing['grant']>;
export type KnownStanding = Standing & { policy: NonNullable<Standing['policy']> };

/** The capability's connection may be used. Throws CallEnded. */
export function assertConnection(capability: Capability, standing: Standing | null): KnownStanding {
  // An unknown connection and one of another workspace look the same.
  if (standing === null || standing.workspace_id !== capability.workspace) {
    throw refused('broker.no_connection', 'The connection does not exist: bind another one and deploy again.');
  }
  if (standing.environment !== capability.environment) {
    throw refused(
      'broker.other_environment',
      `The connection belongs to ${standing.environment}: bind one of ${capability.environment}.`,
    );
  }
  if (standing.connector !== capability.connector) {
    throw refused(
      'broker.other_connector',
      `The connection is one for ${standing.connector}, not for ${capability.connector}.`,
    );
  }
  if (standing.revoked_at !== null)
    throw refused('broker.revoked', 'The connection was revoked: make a new one and bind it.');
  if (standing.policy === null) {
    throw refused('broker.unknown_environment', `There is no environment ${capability.environment}.`);
  }
  return { ...standing, policy: standing.policy };
}

/** A person's approval covers this very call, or none is asked for. Throws CallEnded. */
export function assertGrant(capability: Capability, standing: KnownStanding, now: number): void {
  if (!needsGrant(capability, standing)) return;
  const { grant } = standing;
  const isOurs =
    grant !== null &&
    grant.workspace === capability.workspace &&
    grant.flow === capability.flow &&
    grant.environment === capability.environment &&
    grant.slot === capability.slot &&
    grant.connector === capability.connector &&
    grant.connection === capability.connection;
  if (!isOurs) throw noGrant();
  if (grant.status === 'expired' || (grant.expiresAt !== null && grant.expiresAt <= now)) {
    throw refused('broker.grant_expired', 'The grant for this step has expired: ask for a new approval.');
  }
  if (grant.status !== 'active') throw noGrant();
  const { allows } = grant;
  const isCovered =
    allows !== null &&
    capability.scopes.every((scope) => allows.scopes.includes(scope)) &&
    capability.fields.every((field) => allows.fields.includes(field));
  if (!isCovered) throw notCovered();
  if (!isSigned(capability, grant, allows)) {
    throw refused(
      'broker.grant_changed',
      'What was approved is not what would run: its connector or its terms changed. Deploy again to ask for an approval.',
    );
  }
  // A run in flight goes on under its successor's grant; a version deployed while nobody had to approve does not.
  if (capability.version === null || !grant.versions.includes(capability.version)) {
    throw refused(
      'broker.no_grant',
      'The grant is for other versions of the flow: deploy this one again to ask for an approval.',
    );
  }
}

/** One of the calls that were granted covers it, or no grant is asked for; answers that call, else the step's own. Throws CallEnded. */
export function assertGrantedCall(
  capability: Capability,
  standing: KnownStanding,
  covers: (call: string) => boolean,
): string {
  if (!needsGrant(capability, standing)) return capability.call;
  const granted = standing.grant?.allows?.calls.find(covers);
  if (granted === undefined) throw notCovered();
  return granted;
}

/**
 * What of the answer may come in: of what its action takes, what was granted, where a grant is asked for; null: all of it.
 * The driver that can't take fields out of an answer says so by `mayCut`. Throws CallEnded.
 */
export function grantedReply(
  capability: Capability,
  standing: KnownStanding,
  { mayCut }: { mayCut: boolean } = { mayCut: true },
): readonly string[] | null {
  const { reply } = capability;
  if (!needsGrant(capability, standing)) return reply;
  const granted = standing.grant?.allows?.replies ?? [];
  if (reply !== null) return reply.filter((field) => granted.includes(field));
  if (granted.includes(wholeReply)) return null;
  if (!mayCut) throw notCovered();
  return [];
}

/** The host is one of the connection's and, where a grant is asked for, one of the grant's; nobody stopped it. Throws CallEnded. */
export function assertGrantedHost(capability: Capability, standing: KnownStanding, target: HostPort): void {
  assertHostNotStopped(standing.stops, target);
  if (!names(standing.hosts, target)) {
    throw refused('broker.host_not_allowed', 'The host is none of those that the connection is for: nothing was sent.');
  }
  if (!allowsHost(standing.policy, formatHost(target))) {
    throw refused(
      'broker.host_not_in_policy',
      `The policy of ${capability.environment} does not allow this host: nothing was sent.`,
    );
  }
  if (needsGrant(capability, standing) && !names(standing.grant?.allows?.hosts ?? [], target)) throw notCovered();
}

/** A connection's own test is no flow's. */
function needsGrant({ flow }: Capability, { policy }: KnownStanding): boolean {
  return flow !== null && policy.approval;
}

/** Whether the hash that was signed is that of what stands there, for this connector as it is. */
function isSigned({ connectorVersion }: Capability, grant: Grant, allows: Allowance): boolean {
  const { flow, versionHash: version, environment, slot, connector, connection } = grant;
  return (
    grant.hash === grantHash({ flow, version, environment, slot, connector, connectorVersion, connection }, allows)
  );
}

function names(hosts: readonly string[], target: HostPort): boolean {
  return hosts.some((entry) => {
    const host = parseHostPort(entry);
    return host !== null && isSameHost(host, target);
  });
}

function noGrant(): CallEnded {
  return refused('broker.no_grant', 'No grant allows this step to use the connection here: ask for an approval.');
}

function notCovered(): CallEnded {
  return refused('broker.not_covered', 'The grant for this step does not cover this call: ask for a wider approval.');
}
