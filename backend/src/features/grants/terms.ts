import type { Allowance, CallLimits, grantsApi } from '@sluice/shared/api';
import { grantHash } from '../../platform/grant-hash.js';
import type { Asked } from '../../platform/http/route.js';
import { Problem } from '../../platform/problem.js';
import { type Decision, emergencyMs } from './decision-rule.js';
import { subjectOf } from './grant-drafts.js';
import type { GrantRow } from './grants.repository.js';
import { narrow } from './narrow.js';

const dayMs = 86_400_000;

export type ApproveBody = Asked<typeof grantsApi.approve>['body'];
export type ApproveTogetherBody = Asked<typeof grantsApi.approveDeployment>['body'];

export interface Terms {
  allows: Allowance;
  /** Over all that is bound: it is what the approver signs. */
  hash: string;
  expiresAt: Date;
  rate: CallLimits | null;
}

/** What an approver signs: what was asked for, or the one before left of it, within the limits. Throws `grant.wider`. */
export function termsOf(row: GrantRow, { limits = {}, emergency }: ApproveBody, { rules, now }: Decision): Terms {
  const { days = rules.grantDays, rate = null, ...parts } = limits;
  if (days > rules.grantDays) {
    const message = `A grant in ${row.environment} lasts ${rules.grantDays} days at most.`;
    throw new Problem('grant.wider', { issues: [{ path: 'limits.days', message }] });
  }
  const before = row.signatures.at(-1);
  const allows = narrow(before?.allows ?? row.asks, parts);
  const ends = now + (emergency === true ? emergencyMs : days * dayMs);
  return {
    allows,
    hash: grantHash(subjectOf(row, row.versionHash), allows),
    expiresAt: new Date(Math.min(ends, before === undefined ? ends : (row.expiresAt?.getTime() ?? ends))),
    rate: stricter(row.rate, rate),
  };
}

function stricter(one: CallLimits | null, other: CallLimits | null): CallLimits | null {
  if (one === null || other === null) return one ?? other;
  return {
    callsPerSecond: Math.min(one.callsPerSecond, other.callsPerSecond),
    burst: Math.min(one.burst, other.burst),
  };
}
