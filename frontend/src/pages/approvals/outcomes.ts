import type { Grant } from '@sluice/shared/api';
import type { Status } from '../../ui/StatusBadge.js';

export const outcomes: Record<Grant['status'], { status: Status; says: string }> = {
  pending: { status: 'needs-approval', says: 'Waiting' },
  active: { status: 'approved', says: 'Approved' },
  refused: { status: 'refused', says: 'Refused' },
  revoked: { status: 'revoked', says: 'Taken back' },
  expired: { status: 'off', says: 'Expired' },
  replaced: { status: 'off', says: 'Replaced' },
};
