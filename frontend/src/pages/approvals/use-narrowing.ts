import type { Grant } from '@sluice/shared/api';
import { useState } from 'react';

export type Change = Grant['changes'][number];
const limitOf = { scope: 'scopes', host: 'hosts', call: 'calls' } as const;

/** What the approver leaves out of a request. Fields follow from the drawing, so they can't be cut here. */
export interface Narrowing {
  leftOut: ReadonlySet<string>;
  canLeaveOut: (change: Change) => boolean;
  isLeftOut: (change: Change) => boolean;
  toggle: (change: Change) => void;
  /** Only what was narrowed; undefined when the request stands as asked. */
  limits: () => { scopes?: string[]; hosts?: string[]; calls?: string[] };
}

function keyOf(change: Change): string {
  return `${change.kind} ${change.value}`;
}

export function useNarrowing(grant: Grant): Narrowing {
  const [leftOut, setLeftOut] = useState<ReadonlySet<string>>(new Set());
  return {
    leftOut,
    canLeaveOut: (change) =>
      grant.status === 'pending' && grant.mayDecide && change.change === 'wider' && change.kind !== 'field',
    isLeftOut: (change) => leftOut.has(keyOf(change)),
    toggle(change) {
      const next = new Set(leftOut);
      if (!next.delete(keyOf(change))) next.add(keyOf(change));
      setLeftOut(next);
    },
    limits() {
      const limits: { scopes?: string[]; hosts?: string[]; calls?: string[] } = {};
      for (const change of grant.changes) {
        if (change.kind === 'field' || !leftOut.has(keyOf(change))) continue;
        const name = limitOf[change.kind];
        limits[name] = (limits[name] ?? grant.asks[name]).filter((value) => value !== change.value);
      }
      return limits;
    },
  };
}
