import type { Grant } from '@sluice/shared/api';
import { useState } from 'react';
import type { Change } from './request.js';

const limitOf = { scope: 'scopes', host: 'hosts', call: 'calls', field: 'fields', reply: 'replies' } as const;
type Limits = { [Kind in (typeof limitOf)[Change['kind']]]?: string[] };

/** What the approver leaves out of a request: of what the one who signed before left of it. */
export interface Narrowing {
  leftOut: ReadonlySet<string>;
  canLeaveOut: (change: Change) => boolean;
  isLeftOut: (change: Change) => boolean;
  toggle: (change: Change) => void;
  /** Of one slot: only what was narrowed. */
  limits: (grant: Grant) => Limits;
}

/** Of all changes of a request this one. */
export function keyOf({ grant, kind, value }: Pick<Change, 'grant' | 'kind' | 'value'>): string {
  return `${grant.id} ${kind} ${value}`;
}

export function useNarrowing(): Narrowing {
  const [leftOut, setLeftOut] = useState<ReadonlySet<string>>(new Set());
  return {
    leftOut,
    canLeaveOut: ({ grant, change }) => grant.status === 'pending' && grant.mayDecide && change === 'wider',
    isLeftOut: (change) => leftOut.has(keyOf(change)),
    toggle(change) {
      const next = new Set(leftOut);
      if (!next.delete(keyOf(change))) next.add(keyOf(change));
      setLeftOut(next);
    },
    limits(grant) {
      const limits: Limits = {};
      const asked = grant.signatures.at(-1)?.allows ?? grant.asks;
      for (const change of grant.changes) {
        if (!leftOut.has(keyOf({ ...change, grant }))) continue;
        const name = limitOf[change.kind];
        limits[name] = (limits[name] ?? asked[name]).filter((value) => value !== change.value);
      }
      return limits;
    },
  };
}
