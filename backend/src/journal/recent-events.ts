import type { NewEvent } from './records.js';

interface First {
  eventId: string;
  runId: string | null;
}

const remembered = 20_000;

/** The keys accepted last, so that most duplicates cost no flush. What it doesn't know, the unique index does. */
export class RecentEvents {
  private readonly firsts = new Map<string, First>();

  find(event: NewEvent): First | undefined {
    return this.firsts.get(keyOf(event));
  }

  add(event: NewEvent): void {
    if (event.dedupeKey === null) return;
    this.firsts.set(keyOf(event), { eventId: event.id, runId: event.run });
    const [oldest] = this.firsts.size > remembered ? this.firsts.keys() : [];
    if (oldest !== undefined) this.firsts.delete(oldest);
  }
}

/** One key for each delivery that counts once. */
export function keyOf(event: NewEvent): string {
  return `${event.endpoint} ${event.dedupeKey}`;
}
