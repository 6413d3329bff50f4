import type { FlowDocument } from '@sluice/shared/flow';

/** Documents before and after the present one. Snapshots that share what stayed the same, so they cost little. */
export interface History {
  readonly past: readonly FlowDocument[];
  readonly future: readonly FlowDocument[];
  /** Changes under one key, such as the letters typed into one field, are one step back. */
  readonly mergeKey: string | null;
}

export const emptyHistory: History = { past: [], future: [], mergeKey: null };

const longest = 200;

/** The history once `before` was changed. */
export function remember(history: History, before: FlowDocument, mergeKey: string | null): History {
  const isMerged = mergeKey !== null && mergeKey === history.mergeKey && history.past.length > 0;
  return { past: isMerged ? history.past : [...history.past, before].slice(-longest), future: [], mergeKey };
}

/** One step back or forward: the document to show and the history around it; null at the end. */
export function travel(
  history: History,
  present: FlowDocument,
  way: 'back' | 'forward',
): { document: FlowDocument; history: History } | null {
  const { past, future } = history;
  const document = way === 'back' ? past.at(-1) : future[0];
  if (document === undefined) return null;
  return way === 'back'
    ? { document, history: { past: past.slice(0, -1), future: [present, ...future], mergeKey: null } }
    : { document, history: { past: [...past, present], future: future.slice(1), mergeKey: null } };
}
