import { dayOf, dayOfId } from '../platform/database/partitions.js';
import type { SealedEntry } from './chain.js';
import type { JournalRecord } from './records.js';

/** Bytes that a workspace stored: under how long they are kept (0: in the log) and the day whose tables hold them. */
export interface StoredBytes {
  workspace: string;
  keepDays: number;
  day: string;
  bytes: number;
}

/** What a row takes beside its payload or text, with its indexes; measured, rounded up. */
const rowBytes = { event: 700, run: 900, payload: 250, entry: 500 };

/** What this process stored since it last said so, and who may store no more. */
export class Usage {
  private readonly stored = new Map<string, StoredBytes>();
  private full: ReadonlySet<string> = new Set();

  /** Whether a workspace has used all of its storage. */
  isFull(workspace: string): boolean {
    return this.full.has(workspace);
  }

  setFull(workspaces: ReadonlySet<string>): void {
    this.full = workspaces;
  }

  add({ event, run, payloads = [] }: JournalRecord, entries: readonly SealedEntry[], at: number): void {
    const [first] = entries;
    const workspace = first?.workspace ?? null;
    if (workspace === null) return;
    // All of a record is of one run, and so of one day.
    const [payload] = payloads;
    const of = run ?? event ?? (payload === undefined ? undefined : { ...payload, id: payload.run });
    if (of !== undefined) {
      let bytes = (run === undefined ? 0 : rowBytes.run) + (event === undefined ? 0 : rowBytes.event);
      for (const { sealed, beside = 0 } of payloads) bytes += rowBytes.payload + sealed.length + beside;
      this.count({ workspace, keepDays: of.keepDays, day: dayOfId(of.id), bytes });
    }
    const bytes = entries.reduce((sum, { body }) => sum + body.length + rowBytes.entry, 0);
    this.count({ workspace, keepDays: 0, day: dayOf(at), bytes });
  }

  /** What was counted since the last time. */
  take(): StoredBytes[] {
    const taken = [...this.stored.values()];
    this.stored.clear();
    return taken;
  }

  /** Puts one count to the others; also what was taken and could not be said. */
  count(more: StoredBytes): void {
    const key = `${more.workspace} ${more.keepDays} ${more.day}`;
    const known = this.stored.get(key);
    if (known === undefined) this.stored.set(key, { ...more });
    else known.bytes += more.bytes;
  }
}
