import { blobName, type BlobStore } from '../platform/blobs/blob-store.js';
import { dayOfId } from '../platform/database/partitions.js';
import { randomPart } from '../platform/random.js';
import type { JournalRecord, NewPayload } from './records.js';

/** Above this a payload lies in the blob store, and its row names it: a database page holds 8 KiB. */
export const spillBytes = 256 * 1024;

/** Puts large payloads into the blob store before the rows that name them are stored. */
export class Spill {
  /** Of runs with something on its way: what they append meanwhile waits for it, so that their records keep their order. */
  private readonly underway = new Map<string, Promise<unknown>>();

  constructor(
    private readonly blobs: BlobStore,
    private readonly onTrouble: (error: unknown) => void,
  ) {}

  /** The record as its rows will be; a promise only if it, or one before it, has something to put away. */
  place(record: JournalRecord): JournalRecord | Promise<JournalRecord> {
    const run = record.run?.id ?? record.fence?.run ?? record.update?.run ?? '';
    const before = this.underway.get(run);
    const isLarge = record.payloads?.some(({ sealed }) => sealed.length > spillBytes) ?? false;
    if (!isLarge && before === undefined) return record;
    const placed = (before ?? Promise.resolve()).then(() => this.putAway(record));
    this.underway.set(run, placed);
    // Before the caller goes on, and with nothing in between: what comes later need not wait then.
    void placed.then(() => {
      if (this.underway.get(run) === placed) this.underway.delete(run);
    });
    return placed;
  }

  private async putAway(record: JournalRecord): Promise<JournalRecord> {
    const { payloads = [] } = record;
    return { ...record, payloads: await Promise.all(payloads.map((payload) => this.putOne(payload))) };
  }

  /** What can't be put away stays in its row: a run under way must go on. */
  private async putOne(payload: NewPayload): Promise<NewPayload> {
    const { run, step, attempt, kind, keepDays, sealed } = payload;
    if (sealed.length <= spillBytes) return payload;
    // Its own each time: it is put before the fence is tested, and a process that lost the run must not write over what
    // the one that carries it has stored.
    const once = randomPart(8).toString('hex');
    const blob = blobName({ keepDays, day: dayOfId(run), of: `${run}|${step}|${attempt}|${kind}|${once}` });
    try {
      await this.blobs.put(blob, sealed);
      return { ...payload, blob };
    } catch (error) {
      this.onTrouble(error);
      return payload;
    }
  }
}
