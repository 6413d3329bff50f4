import type { Grant } from '@sluice/shared/api';
import type { ConnectorDescription } from '@sluice/shared/connector';
import { type Decision, decideBefore, signaturesNeeded, soloFrom, whyNotDecide } from './decision-rule.js';
import { differenceOf } from './difference.js';
import type { GrantRow } from './grants.repository.js';

/** A grant as its readers see it; of a request, what is left of it after those who signed. */
export function toReply(row: GrantRow, decision: Decision, connector: ConnectorDescription | undefined): Grant {
  const why = whyNotDecide(decision);
  const isPending = row.status === 'pending';
  const isSolo = decision.deciders <= 1 && decision.hasPermission && isPending && row.requestedBy === decision.member;
  return {
    id: row.id,
    status: row.status,
    flow: { id: row.flowId, name: row.flowName },
    version: row.version,
    environment: row.environment,
    slot: row.slot,
    connector: row.connector,
    connection: { id: row.connectionId, name: row.connectionName },
    deployment: row.deploymentId,
    hash: row.hash,
    asks: row.asks,
    allows: row.allows,
    connectorVersion: row.connectorVersion,
    ...(row.decidedChanges ?? differenceOf(row, row.signatures.at(-1)?.allows ?? row.asks, connector)),
    highRisk: row.highRisk,
    signaturesNeeded: isPending ? signaturesNeeded(decision, row.highRisk) : row.signatures.length,
    signatures: row.signatures.map(({ member, name, at, ...signature }) => ({
      by: { id: member, name },
      at: new Date(at).toISOString(),
      ...signature,
    })),
    rate: row.rate,
    carriedFrom: row.carriedFrom,
    emergency: row.emergency,
    review: reviewOf(row),
    longestDays: decision.rules.grantDays,
    decideBefore: isPending ? new Date(decideBefore(row.requestedAt.getTime())).toISOString() : null,
    reason: row.reason,
    requestedBy: { id: row.requestedBy, name: row.requesterName },
    requestedAt: row.requestedAt.toISOString(),
    decidedBy: row.decidedBy === null ? null : { id: row.decidedBy, name: row.deciderName ?? row.decidedBy },
    decidedAt: row.decidedAt?.toISOString() ?? null,
    decisionReason: row.decisionReason,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    soloFrom: isSolo ? new Date(soloFrom(decision)).toISOString() : null,
    mayDecide: why === null,
    mayNotBecause: why?.message ?? null,
  };
}

function reviewOf({ reviewedBy, reviewerName, reviewedAt, reviewNote }: GrantRow): Grant['review'] {
  if (reviewedBy === null || reviewedAt === null) return null;
  return {
    by: { id: reviewedBy, name: reviewerName ?? reviewedBy },
    at: reviewedAt.toISOString(),
    note: reviewNote ?? '',
  };
}
