import { type FieldClass, fieldClasses, maskedClasses } from '../connector/field-class.js';
import type { EnvironmentPolicy } from './environments.api.js';

/** What of a policy keeps something out, or makes somebody look. */
export const looserRuleNames = [
  'approval',
  'production',
  'fourEyes',
  'twoApprovers',
  'newApproverHours',
  'grantDays',
  'code',
  'classes',
  'masked',
  'hosts',
  'webhooks',
  'after',
] as const;
export type LooserRule = (typeof looserRuleNames)[number];

/** The rules of a policy with what stands where it says nothing. */
export interface ApprovalRules {
  fourEyes: boolean;
  twoApprovers: boolean;
  newApproverHours: number;
  grantDays: number;
  reviewDays: number;
}

type GivenRules = Pick<EnvironmentPolicy, 'webhooks'>;

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

/** No waiver of signatures lasts longer, so that somebody decides on it again. */
export const waiverDays = 90;

/** Whether a waiver that is given now ends too late. One that stands already is not judged again. */
export function isWaiverTooLong(given: GivenRules, before: GivenRules | null, now: number): boolean {
  const until = given.webhooks?.unsignedUntil;
  if (until === undefined || until === before?.webhooks?.unsignedUntil) return false;
  return Date.parse(until) > now + waiverDays * 86_400_000;
}

/** The classes that people see by stand-ins in runs. */
export function maskedIn({ production, masked }: Pick<EnvironmentPolicy, 'production' | 'masked'>): Set<FieldClass> {
  return new Set(production || masked === undefined ? maskedClasses : [...masked, 'secret']);
}

/** Whether a policy would show in production what is delicate. */
export function unmasksProduction(policy: EnvironmentPolicy): boolean {
  return policy.production && maskedIn({ ...policy, production: false }).size < maskedClasses.length;
}

/** Whether the policy lets anything call a host, `host` or `host:port`. */
export function allowsHost({ hosts }: Pick<EnvironmentPolicy, 'hosts'>, label: string): boolean {
  return hosts === undefined || hosts.some((pattern) => matchesHost(pattern, label));
}

/**
 * The rules that stand less firm after a change than before. Where nobody approves and nothing is production there is
 * nothing to loosen: anybody who may change such an environment may add another one.
 */
export function looserRules(before: EnvironmentPolicy, after: EnvironmentPolicy): LooserRule[] {
  if (!before.approval && !before.production) return [];
  const [was, is] = [approvalRules(before), approvalRules(after)];
  const asked = before.approval;
  const has = { schemes: before.webhooks?.schemes, classes: after.classes ?? fieldClasses };
  const isLooser: Record<LooserRule, boolean> = {
    approval: asked && !after.approval,
    production: before.production && !after.production,
    fourEyes: asked && was.fourEyes && !is.fourEyes,
    twoApprovers: asked && was.twoApprovers && !is.twoApprovers,
    newApproverHours: asked && is.newApproverHours < was.newApproverHours,
    grantDays: asked && is.grantDays > was.grantDays,
    code: before.code !== true && after.code === true,
    classes: has.classes.some((name) => !(before.classes ?? fieldClasses).includes(name)),
    masked: [...maskedIn(before)].some((held) => !maskedIn(after).has(held)),
    hosts: before.hosts !== undefined && !(after.hosts?.every((pattern) => allowsHost(before, pattern)) ?? false),
    webhooks:
      unsignedUntil(after) > unsignedUntil(before) ||
      (has.schemes !== undefined && !(after.webhooks?.schemes?.every((one) => has.schemes?.includes(one)) ?? false)),
    after: before.after !== undefined && before.after !== after.after,
  };
  return looserRuleNames.filter((rule) => isLooser[rule]);
}

function matchesHost(pattern: string, label: string): boolean {
  if (!pattern.startsWith('*.')) return pattern === label;
  // Of what is below the name, and on the same port.
  const tail = pattern.slice(1);
  return label.length > tail.length && label.endsWith(tail);
}
