import type { FlowReply } from '@sluice/shared/api';
import type { Status } from '../../ui/StatusBadge.js';

export interface FlowState {
  status: Status;
  /** A cause, not a dot: "production needs approval". */
  says: string;
  needsSomeone: boolean;
}

/** Who needs someone, and why: failures, then refusals, doubts and approvals, then the healthy, then the never deployed. */
export function flowState(flow: FlowReply): FlowState {
  const { today } = flow;
  const of = (status: FlowReply['deployments'][number]['status']) =>
    flow.deployments.find((each) => each.status === status);
  if (flow.lastRun?.status === 'failed') {
    const count = today.failed > 1 ? `${today.failed} runs failed today` : 'Last run failed';
    return { status: 'failed', says: count, needsSomeone: true };
  }
  const refused = of('refused');
  if (refused) return { status: 'refused', says: `${refused.environment} refused`, needsSomeone: true };
  if (today.inDoubt > 0 || flow.lastRun?.status === 'in_doubt') {
    const count = Math.max(1, today.inDoubt);
    return { status: 'in_doubt', says: `${count} ${count === 1 ? 'run' : 'runs'} in doubt`, needsSomeone: true };
  }
  const waiting = of('waiting');
  if (waiting) return { status: 'needs-approval', says: `${waiting.environment} needs approval`, needsSomeone: true };
  if (of('active')) {
    if (today.failed > 0)
      return { status: 'healthy', says: `Healthy again, ${today.failed} failed today`, needsSomeone: false };
    return { status: 'healthy', says: flow.lastRun ? 'Healthy' : 'Deployed, no run yet', needsSomeone: false };
  }
  return { status: 'off', says: flow.latestVersion === null ? 'Never published' : 'Not deployed', needsSomeone: false };
}

const order: readonly Status[] = ['failed', 'refused', 'in_doubt', 'needs-approval', 'healthy', 'off'];

/** Those who need someone first; among equals the name decides. */
export function byNeed(a: FlowReply, b: FlowReply): number {
  return order.indexOf(flowState(a).status) - order.indexOf(flowState(b).status) || a.name.localeCompare(b.name);
}
