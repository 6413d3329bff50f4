import type { RunStep } from '@sluice/shared/api';

/* A step's key is its id and, in a loop, the pass: `line[3]`, `line[3.0]`. */

function indexesOf(key: string): string[] {
  return /\[([\d.]+)\]$/.exec(key)?.[1]?.split('.') ?? [];
}

/** `pass 4`, `pass 4.1`: passes are counted from 1 where people read them. Null outside of loops. */
export function passWords(key: string): string | null {
  const indexes = indexesOf(key);
  return indexes.length === 0 ? null : `pass ${indexes.map((index) => Number(index) + 1).join('.')}`;
}

/** The key of the loop around a step; null for a step of the flow itself. */
export function loopKeyOf({ key, inside }: Pick<RunStep, 'key' | 'inside'>): string | null {
  if (inside === null) return null;
  const around = indexesOf(key).slice(0, -1);
  return around.length === 0 ? inside : `${inside}[${around.join('.')}]`;
}
