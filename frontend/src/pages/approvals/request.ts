import type { Grant } from '@sluice/shared/api';

/** A difference, and the grant that it is about. */
export type Change = Grant['changes'][number] & { grant: Grant };

/** All that a version asks for in an environment: decided together, or what was decided. One grant for each slot. */
export interface GrantRequest
  extends Pick<
    Grant,
    'id' | 'flow' | 'version' | 'environment' | 'deployment' | 'reason' | 'requestedBy' | 'requestedAt' | 'longestDays'
  > {
  grants: readonly Grant[];
  isPending: boolean;
  /** Of all slots, riskiest first, less than before last. */
  changes: readonly Change[];
  risk: Grant['risk'];
  highRisk: Grant['highRisk'];
  signaturesNeeded: number;
  signatures: Grant['signatures'];
  decidedBy: Grant['decidedBy'];
  decidedAt: string | null;
  decisionReason: string | null;
  decideBefore: string | null;
  soloFrom: string | null;
  mayDecide: boolean;
  mayNotBecause: string | null;
}

const risks = ['critical', 'high', 'medium', 'low'] as const;
const order = [...risks, 'less'] as const;

/** In the order in which the first of each came. */
export function requestsOf(grants: readonly Grant[]): GrantRequest[] {
  const groups = Map.groupBy(grants, ({ deployment, status }) => `${deployment} ${status === 'pending'}`);
  return [...groups.values()].flatMap((group) => {
    const [first, ...more] = group.toSorted((one, two) => one.slot.localeCompare(two.slot));
    return first === undefined ? [] : [requestOf(first, more)];
  });
}

export function eachOnce<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

function requestOf(first: Grant, more: readonly Grant[]): GrantRequest {
  const grants = [first, ...more];
  // Whoever may decide one of them decides those; of the others their own words tell why not.
  const decidable = grants.find(({ mayDecide }) => mayDecide);
  const last = grants.reduce((one, two) => ((two.decidedAt ?? '') > (one.decidedAt ?? '') ? two : one));
  return {
    ...first,
    grants,
    isPending: first.status === 'pending',
    changes: grants
      .flatMap((grant) => grant.changes.map((change) => ({ ...change, grant })))
      .toSorted((one, two) => order.indexOf(riskOf(one)) - order.indexOf(riskOf(two))),
    risk: risks.find((risk) => grants.some((grant) => grant.risk === risk)) ?? 'low',
    highRisk: eachOnce(grants.flatMap(({ highRisk }) => highRisk)),
    signaturesNeeded: Math.max(...grants.map(({ signaturesNeeded }) => signaturesNeeded)),
    signatures: [
      ...new Map(grants.flatMap(({ signatures }) => signatures.map((one) => [one.by.id, one] as const))).values(),
    ],
    decidedBy: last.decidedBy,
    decidedAt: last.decidedAt,
    decisionReason: last.decisionReason,
    longestDays: Math.min(...grants.map(({ longestDays }) => longestDays)),
    soloFrom: grants.map(({ soloFrom }) => soloFrom).find((at) => at !== null) ?? null,
    mayDecide: decidable !== undefined,
    mayNotBecause: decidable === undefined ? first.mayNotBecause : null,
  };
}

function riskOf({ change, risk }: Grant['changes'][number]): (typeof order)[number] {
  return change === 'less' ? 'less' : risk;
}
