import type { ApprovalRules, ProblemCode } from '@sluice/shared/api';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A request that nobody decides ends after this. */
export const requestDays = 14;
/** What one person approves in an emergency lasts this long. */
export const emergencyMs = hourMs;

/** What the rule looks at; times in milliseconds since 1970. */
export interface Decision {
  status: string;
  requestedBy: string;
  requestedAt: number;
  /** Who published the version, and who saved its draft last. */
  publishedBy: string;
  editedBy: string | null;
  /** Who signed already. */
  signedBy: readonly string[];
  member: string;
  hasPermission: boolean;
  /** Members that count as able to decide in this environment, and until when those do who lost that right lately. */
  deciders: number;
  formerUntil: number | null;
  /** Since when this member could; null: from the start. */
  deciderSince: number | null;
  soloDelaySeconds: number;
  rules: ApprovalRules;
  environment: string;
  now: number;
}
type Why = { code: ProblemCode; message: string } | null;

/** Why this member may not decide this request now; null when nothing stands against it. */
export function whyNotDecide(at: Decision): Why {
  return whyNotEver(at) ?? (at.deciders > 1 ? whyNotAmongOthers(at) : whyNotAlone(at));
}

/** The same for an emergency: one person, who asked for it or not, but nobody who became an approver for it. */
export function whyNotInEmergency(at: Decision): Why {
  return whyNotEver(at) ?? (at.deciders > 1 ? whyNotYet(at) : null);
}

function whyNotEver({ status, hasPermission }: Decision): Why {
  if (status === 'expired')
    return {
      code: 'grant.request_expired',
      message: `Nobody decided within ${requestDays} days; deploy again to ask anew.`,
    };
  if (status !== 'pending') return { code: 'grant.not_pending', message: 'This request was decided already.' };
  if (hasPermission) return null;
  return {
    code: 'access.denied',
    message: 'Your roles do not allow deciding; an approver, an admin or an owner can.',
  };
}

function whyNotAmongOthers(at: Decision): Why {
  const { member, rules } = at;
  if (rules.fourEyes && at.requestedBy === member) return ownRequest('You asked for this', at);
  if (rules.fourEyes && at.publishedBy === member) return ownRequest('You published this version', at);
  if (rules.fourEyes && at.editedBy === member) return ownRequest('You edited this version last', at);
  if (at.signedBy.includes(member))
    return { code: 'grant.signed_already', message: 'You signed this; another approver has to sign as well.' };
  return whyNotYet(at);
}

function ownRequest(did: string, { formerUntil }: Decision): Why {
  const former =
    formerUntil === null
      ? ''
      : ` Who lost that right lately counts as an approver until ${new Date(formerUntil).toISOString()}.`;
  return { code: 'grant.own_request', message: `${did}; another approver has to decide it.${former}` };
}

/** Who was given the right a short while ago, perhaps for this very request. */
function whyNotYet({ deciderSince, rules, now, environment }: Decision): Why {
  const from = (deciderSince ?? 0) + rules.newApproverHours * hourMs;
  if (deciderSince === null || now >= from) return null;
  return {
    code: 'grant.new_approver',
    message: `You became an approver a short while ago: you can decide in ${environment} from ${new Date(from).toISOString()}.`,
  };
}

function whyNotAlone(at: Decision): Why {
  const from = soloFrom(at);
  if (!at.rules.fourEyes || at.requestedBy !== at.member || at.now >= from) return null;
  return {
    code: 'grant.too_early',
    message: `You are the only approver and asked for this yourself: you can decide it from ${new Date(from).toISOString()}.`,
  };
}

/** From when a sole approver may decide what he asked for. */
export function soloFrom({
  requestedAt,
  soloDelaySeconds,
}: Pick<Decision, 'requestedAt' | 'soloDelaySeconds'>): number {
  return requestedAt + soloDelaySeconds * 1000;
}

/** Until when a request may be decided. */
export function decideBefore(requestedAt: number): number {
  return requestedAt + requestDays * dayMs;
}

/** How many approvers sign: two for what is of high risk where the policy says so, and where there are two at all. */
export function signaturesNeeded(
  { rules, deciders }: Pick<Decision, 'rules' | 'deciders'>,
  highRisk: readonly unknown[],
): number {
  return rules.twoApprovers && highRisk.length > 0 && deciders > 1 ? 2 : 1;
}
