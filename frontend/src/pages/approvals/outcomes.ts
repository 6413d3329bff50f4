import type { Grant } from '@sluice/shared/api';
import type { Status } from '../../ui/StatusBadge.js';
import { eachOnce, type GrantRequest } from './request.js';

interface Outcome {
  status: Status;
  says: string;
}

export const outcomes: Record<Grant['status'], Outcome> = {
  pending: { status: 'needs-approval', says: 'Waiting' },
  active: { status: 'approved', says: 'Approved' },
  refused: { status: 'refused', says: 'Refused' },
  revoked: { status: 'revoked', says: 'Taken back' },
  expired: { status: 'off', says: 'Expired' },
  replaced: { status: 'off', says: 'Replaced' },
};

/** Each that there is among its slots; a slot that only ended with a refused one does not count. */
export function outcomesOf({ grants }: GrantRequest): Outcome[] {
  const all = eachOnce(grants.map(({ status }) => status));
  const told = all.includes('refused') ? all.filter((status) => status !== 'replaced') : all;
  return told.map((status) => outcomes[status]);
}
