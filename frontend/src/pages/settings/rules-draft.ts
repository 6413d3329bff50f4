import { type ApprovalRules, approvalRules, type EnvironmentPolicy, type GivenPolicy } from '@sluice/shared/api';
import { webhookSchemes } from '@sluice/shared/connector';

/** The rules as the form holds them: empty lists and texts are rules that are not there. */
export interface RulesDraft extends ApprovalRules {
  hosts: string[];
  schemes: string[];
  /** `2026-12-31`, in UTC. */
  unsignedUntil: string;
  after: string | null;
}

export function draftOf(policy: EnvironmentPolicy): RulesDraft {
  return {
    ...approvalRules(policy),
    hosts: policy.hosts ?? [],
    schemes: policy.webhooks?.schemes ?? [],
    unsignedUntil: policy.webhooks?.unsignedUntil?.slice(0, 10) ?? '',
    after: policy.after ?? null,
  };
}

export function toPolicy({ hosts, schemes, unsignedUntil, after, ...rules }: RulesDraft): Partial<GivenPolicy> {
  const chosen = webhookSchemes.filter((scheme) => scheme !== 'none' && schemes.includes(scheme));
  const webhooks = {
    ...(chosen.length === 0 ? {} : { schemes: chosen.flatMap((scheme) => (scheme === 'none' ? [] : [scheme])) }),
    ...(unsignedUntil === '' ? {} : { unsignedUntil: `${unsignedUntil}T00:00:00.000Z` }),
  };
  return {
    ...rules,
    hosts: hosts.length === 0 ? null : hosts,
    webhooks: Object.keys(webhooks).length === 0 ? null : webhooks,
    after,
  };
}
