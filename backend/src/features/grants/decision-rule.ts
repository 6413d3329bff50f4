import type { Allowance, Issue, ProblemCode } from '@sluice/shared/api';
import { Problem } from '../../platform/problem.js';

/** What the rule looks at; times in milliseconds since 1970. */
export interface Decision {
  status: string;
  requestedBy: string;
  requestedAt: number;
  /** Who published the version. */
  publishedBy: string;
  member: string;
  hasPermission: boolean;
  /** Members of the workspace that could decide. */
  deciders: number;
  soloDelaySeconds: number;
  now: number;
}

/** Why this member may not decide this request now; null when nothing stands against it. */
export function whyNotDecide(at: Decision): { code: ProblemCode; message: string } | null {
  if (at.status !== 'pending') return { code: 'grant.not_pending', message: 'This request was decided already.' };
  if (!at.hasPermission) {
    return {
      code: 'access.denied',
      message: 'Your roles do not allow deciding; an approver, an admin or an owner can.',
    };
  }
  const isOwn = at.requestedBy === at.member;
  if (at.deciders > 1) {
    if (isOwn) return { code: 'grant.own_request', message: 'You asked for this; another approver has to decide it.' };
    if (at.publishedBy === at.member) {
      return { code: 'grant.own_request', message: 'You published this version; another approver has to decide it.' };
    }
    return null;
  }
  const from = soloFrom(at);
  if (!isOwn || at.now >= from) return null;
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

export interface Limits {
  scopes?: string[] | undefined;
  hosts?: string[] | undefined;
  calls?: string[] | undefined;
}

/** What is approved: all that was asked for, or the part that the limits leave. Throws `grant.wider`. */
export function narrow({ scopes, hosts, calls, fields }: Allowance, limits: Limits): Allowance {
  const asked = { scopes, hosts, calls };
  const issues = (['scopes', 'hosts', 'calls'] as const).flatMap((kind): Issue[] =>
    (limits[kind] ?? [])
      .filter((value) => !asked[kind].includes(value))
      .map((value) => ({ path: `limits.${kind}`, message: `${value} was not asked for.` })),
  );
  if (issues.length > 0) throw new Problem('grant.wider', { issues });
  const left = (kind: keyof typeof asked) => asked[kind].filter((value) => limits[kind]?.includes(value) ?? true);
  return { scopes: left('scopes'), hosts: left('hosts'), calls: left('calls'), fields };
}
