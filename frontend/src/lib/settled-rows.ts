import { useRef } from 'react';

/**
 * Rows that arrived at the head of a live list while the reader was further down are held back and counted, so that
 * nothing moves under the pointer. Rows already shown keep changing in place.
 */
export function settleRows<Row extends { id: string }>(
  rows: readonly Row[],
  knownHead: string | null,
): { shown: readonly Row[]; held: number } {
  const at = knownHead === null ? -1 : rows.findIndex(({ id }) => id === knownHead);
  return at <= 0 ? { shown: rows, held: 0 } : { shown: rows.slice(at), held: at };
}

export function useSettledRows<Row extends { id: string }>(rows: readonly Row[], isAtTop: boolean) {
  const head = useRef<string | null>(null);
  if (isAtTop) head.current = rows[0]?.id ?? null;
  return settleRows(rows, isAtTop ? null : head.current);
}
