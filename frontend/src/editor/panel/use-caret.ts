import { useMemo, useRef } from 'react';

/** Where the caret of a field stands, for what is put in from outside; moving it draws nothing. At the end until it is known. */
export interface Caret {
  at(): number;
  move(to: number): void;
}

export function useCaret(): Caret {
  const place = useRef(Number.MAX_SAFE_INTEGER);
  return useMemo(
    () => ({
      at: () => place.current,
      move(to) {
        place.current = to;
      },
    }),
    [],
  );
}
