import { useState } from 'react';
import { type Stop, stops } from './stops.js';

export interface Tour {
  /** Where it stands; null when it is over. */
  readonly stop: Stop | null;
  /** From 0. */
  readonly at: number;
  begin(): void;
  go(to: number): void;
  end(): void;
}

/** The tour of the editor: by itself for whoever draws here for the first time in this browser, later when asked for. */
export function useTour({ member, isOffered }: { member: string; isOffered: boolean }): Tour {
  const key = `sluice.tour.${member}`;
  const [at, setAt] = useState<number | null>(() => (isOffered && !isSeen(key) ? 0 : null));
  function end() {
    remember(key);
    setAt(null);
  }
  return {
    stop: at === null ? null : (stops[at] ?? null),
    at: at ?? 0,
    begin: () => setAt(0),
    go: (to) => (to < stops.length ? setAt(to) : end()),
    end,
  };
}

/** A browser that keeps nothing is spared the tour: it would come back each time. */
function isSeen(key: string): boolean {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return true;
  }
}

function remember(key: string): void {
  try {
    localStorage.setItem(key, 'seen');
  } catch {
    // Nothing is kept here, so it wasn't offered by itself either.
  }
}
