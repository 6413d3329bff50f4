import { useMemo, useRef } from 'react';

/** Where the caret of a field stands, for what is put in from outside. At the end until it is known. */
export interface Caret {
  at(): number;
  /** Follows the caret; draws nothing. */
  move(to: number): void;
  /** Once the changed text is drawn, the field has the focus and its caret there. */
  place(to: number): void;
  /** The place that waits for the next drawing, told once. */
  takePlace(): number | null;
}

export function useCaret(): Caret {
  const known = useRef(Number.MAX_SAFE_INTEGER);
  const waiting = useRef<number | null>(null);
  return useMemo(
    () => ({
      at: () => known.current,
      move(to) {
        known.current = to;
      },
      place(to) {
        known.current = to;
        waiting.current = to;
      },
      takePlace() {
        const place = waiting.current;
        waiting.current = null;
        return place;
      },
    }),
    [],
  );
}
