import type { Key } from '@sluice/shared/api';

const words: Readonly<Record<Key['purpose'], string>> = {
  secret: 'secrets',
  payload: 'run data',
  endpoint: 'webhook secrets',
  member: 'second factors',
};

/** What is rotated together: the keys of one environment, or of the whole workspace (null). */
export interface KeyGroup {
  environment: string | null;
  purposes: string[];
  /** The newest, and since when. */
  version: number;
  since: string;
  isRotating: boolean;
  /** Rows that needed an old version, and those that still do; null until they are counted. */
  rows: number | null;
  rowsLeft: number | null;
}

export function groupKeys(keys: readonly Key[]): KeyGroup[] {
  const byEnvironment = Map.groupBy(keys, ({ environment }) => environment);
  return [...byEnvironment].map(([environment, group]) => {
    const older = group.flatMap((key) => key.older);
    return {
      environment,
      purposes: group.map(({ purpose }) => words[purpose]),
      version: Math.max(...group.map(({ version }) => version)),
      since:
        group
          .map(({ since }) => since)
          .toSorted()
          .at(-1) ?? '',
      isRotating: older.length > 0,
      rows: sum(older.map(({ rows }) => rows)),
      rowsLeft: sum(older.map(({ rowsLeft }) => rowsLeft)),
    };
  });
}

/** Null when one of them is not known. */
function sum(numbers: readonly (number | null)[]): number | null {
  return numbers.reduce<number | null>((total, one) => (total === null || one === null ? null : total + one), 0);
}
