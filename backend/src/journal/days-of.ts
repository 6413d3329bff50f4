import { dayOfId, type RunDays } from '../platform/database/partitions.js';
import type { JournalRecord } from './records.js';

/** The days that records bring rows for, each once. */
export function daysOf(records: readonly JournalRecord[]): RunDays[] {
  const found = new Map<string, RunDays>();
  for (const { event, run, payloads = [] } of records) {
    const rows = [event, run, ...payloads.map(({ run: id, keepDays }) => ({ id, keepDays }))];
    for (const row of rows) {
      if (row === undefined) continue;
      const day = dayOfId(row.id);
      found.set(`${day} ${row.keepDays}`, { day, keepDays: row.keepDays });
    }
  }
  return [...found.values()];
}
