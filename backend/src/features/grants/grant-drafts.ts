import type { Allowance } from '@sluice/shared/api';
import { canonicalJson } from '@sluice/shared/lib';
import type { KnownConnector } from '../../connectors/imported.js';
import type { Actor } from '../../platform/actor.js';
import { grantHash, type GrantSubject } from '../../platform/grant-hash.js';
import { newId } from '../../platform/ids.js';
import { allowanceKinds, allowanceOf, asksOf, covers, isFilledAsBefore } from './asks.js';
import type { GrantEntity } from './grant.entity.js';
import type { Wanted } from './grant-requests.service.js';
import type { ActiveGrant } from './grants.repository.js';

const undecided = {
  decidedBy: null,
  decidedAt: null,
  decisionReason: null,
  decidedChanges: null,
  expiresAt: null,
  carriedFrom: null,
  highRisk: [],
  rate: null,
  emergency: false,
  reviewedBy: null,
  reviewedAt: null,
  reviewNote: null,
};

/** A request for each slot of a version. */
export function draftRequests(
  actor: Actor,
  wanted: Wanted,
  { connectors, requestedAt }: { connectors: ReadonlyMap<string, KnownConnector>; requestedAt: Date },
): GrantEntity[] {
  const { version, flow, environment } = wanted;
  return Object.entries(version.manifest.slots).map(([slot, { connector }]) => {
    const connection = wanted.connections.get(slot);
    const declared = connectors.get(connector);
    if (connection === undefined || declared === undefined) throw new Error(`The slot ${slot} is not bound`);
    const catalogue = { [connector]: declared.description };
    const asks = asksOf(version, slot, { connectionHosts: connection.hosts, catalogue });
    const draft: GrantEntity = {
      id: newId('grant'),
      workspaceId: actor.workspace,
      flowId: flow,
      version: version.version,
      environment,
      slot,
      connector,
      connectorVersion: declared.version,
      connectionId: connection.id,
      deploymentId: wanted.deployment,
      hash: '',
      asks,
      allows: null,
      status: 'pending',
      reason: wanted.reason,
      requestedBy: actor.member,
      requestedAt,
      ...undecided,
    };
    return { ...draft, hash: grantHash(subjectOf(draft, version.hash), asks) };
  });
}

/** A request for a part of what a grant allows, in the place of it. */
export function draftSmaller(
  actor: Actor,
  of: { grant: GrantEntity; versionHash: string; deployment: string; smaller: Allowance; reason: string },
  requestedAt: Date,
): GrantEntity {
  const { grant, smaller } = of;
  const { steps, sources = {} } = grant.asks;
  const kept = Object.entries(sources).filter(([field]) => smaller.fields.includes(field));
  return {
    ...grant,
    id: newId('grant'),
    deploymentId: of.deployment,
    hash: grantHash(subjectOf(grant, of.versionHash), smaller),
    asks: { ...smaller, steps, sources: Object.fromEntries(kept) },
    allows: null,
    status: 'pending',
    reason: of.reason,
    requestedBy: actor.member,
    requestedAt,
    ...undecided,
    rate: grant.rate,
  };
}

/** What a grant binds, besides what it allows. */
export function subjectOf(
  grant: Pick<GrantEntity, 'flowId' | 'environment' | 'slot' | 'connector' | 'connectorVersion' | 'connectionId'>,
  version: string,
): GrantSubject {
  const { flowId: flow, environment, slot, connector, connectorVersion: declared, connectionId: connection } = grant;
  return { flow, version, environment, slot, connector, connectorVersion: declared, connection };
}

/** The very same was decided before: the same content, asking the same of the same connection. */
export function isApproved(draft: GrantEntity, version: string, grant: ActiveGrant): boolean {
  return isSamePlace(draft, grant) && grant.versionHash === version && isSame(draft.asks, grant.asks);
}

/** Whether a version needs no more than what its predecessor asked for and somebody decided on. */
export function needsTheSame(draft: GrantEntity, grant: ActiveGrant): boolean {
  return (
    isSamePlace(draft, grant) &&
    !grant.emergency &&
    covers(grant.asks, draft.asks) &&
    isFilledAsBefore(grant.asks, draft.asks)
  );
}

/** The request goes on under a grant: for what that one allows and this one still asks for, and no longer than that. */
export function carriedFrom(grant: ActiveGrant, draft: GrantEntity, version: string): GrantEntity {
  const allows = allowanceOf((kind) => draft.asks[kind].filter((value) => grant.allows[kind].includes(value)));
  const { expiresAt, decidedBy, decidedAt, decisionReason, rate } = grant;
  const decision = { expiresAt, decidedBy, decidedAt, decisionReason, rate };
  const hash = grantHash(subjectOf(draft, version), allows);
  return { ...draft, ...decision, hash, allows, status: 'approved', carriedFrom: grant.id };
}

function isSamePlace(draft: GrantEntity, grant: ActiveGrant): boolean {
  return draft.connectionId === grant.connection && draft.connectorVersion === grant.connectorVersion;
}

function isSame(one: Allowance, other: Allowance): boolean {
  return allowanceKinds.every((kind) => canonicalJson(one[kind]) === canonicalJson(other[kind]));
}
