import type { TriggerEvent } from '@sluice/shared/api';
import type { Status } from '../../ui/StatusBadge.js';

export const verdicts: Record<TriggerEvent['status'], { status: Status; says: string }> = {
  accepted: { status: 'accepted', says: 'Accepted' },
  duplicate: { status: 'duplicate', says: 'Duplicate' },
  refused: { status: 'refused', says: 'Refused' },
  ignored: { status: 'off', says: 'Ignored' },
};

/** What was not done, and what to do: the sentence under the verdict. */
export const meanings: Record<TriggerEvent['status'], string> = {
  accepted: 'It was checked, stored, then answered, and it started a run.',
  duplicate:
    'It has the id of a delivery that was accepted before. It started nothing; the sender got the first answer.',
  refused: 'It started nothing. Once the reason is settled, ask the sender to deliver it again.',
  ignored: 'It was genuine, but of a kind that this flow does not listen to. It started nothing.',
};
