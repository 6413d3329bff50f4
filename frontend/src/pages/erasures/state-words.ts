import type { Erasure } from '@sluice/shared/api';
import type { Status } from '../../ui/StatusBadge.js';

/** A search's state as a badge says it. */
export function stateOf({ status, found, erased }: Erasure): { status: Status; says: string } {
  switch (status) {
    case 'searching':
      return { status: 'running', says: 'Looking' };
    case 'erasing':
      return { status: 'running', says: 'Erasing' };
    case 'found':
      return found === 0
        ? { status: 'succeeded', says: 'Nothing found' }
        : { status: 'waiting', says: 'Waits for your answer' };
    case 'done':
      return erased < found ? { status: 'waiting', says: 'Erased in part' } : { status: 'succeeded', says: 'Erased' };
    case 'cancelled':
      return { status: 'cancelled', says: 'Stopped' };
  }
}
