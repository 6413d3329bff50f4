import type { Grant } from '@sluice/shared/api';
import { useState } from 'react';

export type Change = Grant['changes'][number];
const limitOf = { scope: 'scopes', host: 'hosts', call: 'calls', field: 'fields', reply: 'replies' } as const;
type Limits = { [Kind in (typeof limitOf)[Change['kind']]]?: string[] };

/** What the approver leaves out of a request: of what the one who signed before left of it. */
export interface Narrowing {
  leftOut: ReadonlySet<string>;
  canLeaveOut: (change: Change) => boolean;
  isLeftOut: (change: Change) => boolean;
  toggle: (change: Change) => void;
  /** Only what was narrowed; undefined when the request stands as asked. */
  limits: () => Limits;
}

function keyOf(change: Change): string {
  return `${change.kind} ${change.value}`;
}

export function useNarrowing(grant: Grant): Narrowing {
  const [leftOut, setLeftOut] = useState<ReadonlySet<string>>(new Set());
  return {
    leftOut,
    canLeaveOut: (change) => grant.status === 'pending' && grant.mayDecide && change.change === 'wider',
    isLeftOut: (change) => leftOut.has(keyOf(change)),
    toggle(change) {
      const next = new Set(leftOut);
      if (!next.delete(keyOf(change))) next.add(keyOf(change));
      setLeftOut(next);
    },
    limits() {
      const limits: Limits = {};
      const asked = grant.signatures.at(-1)?.allows ?? grant.asks;
      for (const change of grant.changes) {
        if (!leftOut.has(keyOf(change))) continue;
        const name = limitOf[change.kind];
        limits[name] = (limits[name] ?? asked[name]).filter((value) => value !== change.value);
      }
      return limits;
    },
  };
}
