import type { JournalRecord, NewEvent, PollUpdate } from '../journal/records.js';

/** What is stored with a run when it begins. */
export interface Along {
  event: NewEvent | null;
  poll?: PollUpdate;
}

export function alongOf({ event, poll }: Along): Pick<JournalRecord, 'event' | 'poll'> {
  return { ...(event !== null && { event }), ...(poll !== undefined && { poll }) };
}
