import { type AuditBlock, closeBlock, noPreviousHash } from '@sluice/shared/audit';
import { newId } from '../platform/ids.js';
import { entryRoot } from './entry-root.js';
import { entryText } from './entry-text.js';
import type { NewEntry } from './records.js';
import { sha256 } from './seal-key.js';

/** An entry as it is stored: its canonical text, and copies of parts of it to search by. */
export interface SealedEntry {
  id: string;
  workspace: string | null;
  at: number;
  actor: string;
  action: string;
  subject: string | null;
  environment: string | null;
  run: string | null;
  step: string | null;
  attempt: number | null;
  body: string;
}

/** Where a lane's chain ends. */
export interface ChainHead {
  n: number;
  hash: string;
  /** When its last block was written. Blocks of a lane never go back in time, whatever the clock does: days are dropped in their order. */
  at: number;
}

export const emptyChain: ChainHead = { n: -1, hash: noPreviousHash, at: 0 };

/** Gives an entry its id and its text. `at` is used where the entry has no time of its own. */
export function sealEntry(entry: NewEntry, at: number): SealedEntry {
  const id = newId('entry');
  const time = entry.at ?? at;
  const body = entryText(entry, { id, at: isoTime(time) });
  return {
    id,
    workspace: entry.workspace,
    at: time,
    actor: entry.actor.id,
    action: entry.action,
    subject: entry.subject?.id ?? null,
    environment: entry.environment ?? null,
    run: entry.run ?? null,
    step: entry.step ?? null,
    attempt: entry.attempt ?? null,
    body,
  };
}

let lastTime = { ms: 0, text: new Date(0).toISOString() };

/** Entries of a turn have one time, and many turns fall into a millisecond. */
function isoTime(ms: number): string {
  if (ms !== lastTime.ms) lastTime = { ms, text: new Date(ms).toISOString() };
  return lastTime.text;
}

/** The next block of a lane over these entries; null for none. */
export function nextBlock(lane: string, head: ChainHead, entries: readonly SealedEntry[]): AuditBlock | null {
  if (entries.length === 0) return null;
  const root = entryRoot(entries.map(({ body }) => body));
  return closeBlock({ lane, n: head.n + 1, prev: head.hash, root, count: entries.length }, sha256);
}
