import type { EnvironmentPolicy } from './environments.api.js';

/** The rules of a policy with what stands where it says nothing. */
export interface ApprovalRules {
  fourEyes: boolean;
  twoApprovers: boolean;
  newApproverHours: number;
  grantDays: number;
  reviewDays: number;
}

export function approvalRules(policy: EnvironmentPolicy): ApprovalRules {
  const { fourEyes = true, twoApprovers = policy.production, grantDays = 365, reviewDays = 90 } = policy;
  const { newApproverHours = policy.production ? 24 : 0 } = policy;
  return { fourEyes, twoApprovers, newApproverHours, grantDays, reviewDays };
}

/** Until when deliveries without a signature are taken, in milliseconds since 1970: for ever where nobody guards what runs, else by a waiver. */
export function unsignedUntil({ approval, production, webhooks }: EnvironmentPolicy): number {
  if (!approval && !production) return Number.POSITIVE_INFINITY;
  return webhooks?.unsignedUntil === undefined ? 0 : Date.parse(webhooks.unsignedUntil);
}

/** Whether the policy lets anything call a host, `host` or `host:port`. */
export function allowsHost({ hosts }: Pick<EnvironmentPolicy, 'hosts'>, label: string): boolean {
  return hosts === undefined || hosts.some((pattern) => matchesHost(pattern, label));
}

function matchesHost(pattern: string, label: string): boolean {
  if (!pattern.startsWith('*.')) return pattern === label;
  // Of what is below the name, and on the same port.
  const tail = pattern.slice(1);
  return label.length > tail.length && label.endsWith(tail);
}
