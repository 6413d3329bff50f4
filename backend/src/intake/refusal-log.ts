import type { Journal } from '../journal/journal.js';
import type { NewEntry, NewEvent } from '../journal/records.js';
import { TokenBuckets } from './token-buckets.js';

const perMinute = { refused: 60, duplicate: 600 };

/** Puts what started nothing into the inbox and the log; of a flood only the first of each minute, then how many more there were. */
export class RefusalLog {
  private readonly buckets = {
    refused: new TokenBuckets({ burst: perMinute.refused, perSecond: perMinute.refused / 60 }),
    duplicate: new TokenBuckets({ burst: perMinute.duplicate, perSecond: perMinute.duplicate / 60 }),
  };
  private readonly unstored = new Map<string, number>();

  constructor(private readonly journal: Journal) {}

  /** Settles once it is committed, or at once for one that is only counted. Rejects when the log can't be written. */
  async store(event: NewEvent | null, { entry, at }: { entry: NewEntry; at: number }): Promise<void> {
    const key = event?.endpoint ?? 'unknown';
    const bucket = event?.status === 'refused' || event === null ? this.buckets.refused : this.buckets.duplicate;
    const left = this.unstored.get(key) ?? 0;
    if (bucket.take(key, at) > 0) {
      this.unstored.set(key, left + 1);
      return;
    }
    this.unstored.delete(key);
    const detail = left === 0 ? entry.detail : { ...entry.detail, unstoredBefore: left };
    const said: NewEntry = { ...entry, at, ...(detail === undefined ? {} : { detail }) };
    await this.journal.append({ entries: [said], ...(event === null ? {} : { event }) });
  }
}
