import type { RunStep } from '@sluice/shared/api';

/** A value that is not the same in both; undefined: one has none there. */
export interface ValueDifference {
  /** `output.body.amount`, `input.lines[2]`. */
  path: string;
  one: unknown;
  other: unknown;
}

export interface StepPair {
  key: string;
  name: string;
  one: RunStep | null;
  other: RunStep | null;
  /** Whether it came to the same end: there or not, status, port and number of attempts. */
  endsAlike: boolean;
  values: ValueDifference[];
  /** Values that differ beyond those. */
  more: number;
}

/** Values of one step that are told apart; a list of thousands that moved by one place says nothing line by line. */
const mostValues = 30;

/** The steps of two runs by their keys, in the order of the first; what only the other has comes last. */
export function compareRuns(one: readonly RunStep[], other: readonly RunStep[]): StepPair[] {
  const others = new Map(other.map((step) => [step.key, step]));
  const keys = new Set(one.map(({ key }) => key));
  return [
    ...one.map((step) => pairOf(step, { one: step, other: others.get(step.key) ?? null })),
    ...other.filter(({ key }) => !keys.has(key)).map((step) => pairOf(step, { one: null, other: step })),
  ];
}

export function isSame({ endsAlike, values }: StepPair): boolean {
  return endsAlike && values.length === 0;
}

function pairOf({ key, id, name }: RunStep, { one, other }: Pick<StepPair, 'one' | 'other'>): StepPair {
  const found =
    one === null || other === null
      ? []
      : [
          ...differences('input', one.input, other.input),
          ...differences('output', one.output, other.output),
          ...differences('error', one.error?.message, other.error?.message),
        ];
  return {
    key,
    name: name ?? id,
    one,
    other,
    endsAlike:
      one !== null &&
      other !== null &&
      one.status === other.status &&
      one.port === other.port &&
      one.attempts.length === other.attempts.length,
    values: found.slice(0, mostValues),
    more: Math.max(0, found.length - mostValues),
  };
}

/** Leaf by leaf. */
function differences(path: string, one: unknown, other: unknown): ValueDifference[] {
  if (Array.isArray(one) && Array.isArray(other)) {
    return Array.from({ length: Math.max(one.length, other.length) }, (_, n) =>
      differences(`${path}[${n}]`, one[n], other[n]),
    ).flat();
  }
  if (isObject(one) && isObject(other)) {
    return [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((name) =>
      differences(`${path}.${name}`, one[name], other[name]),
    );
  }
  return JSON.stringify(one) === JSON.stringify(other) ? [] : [{ path, one, other }];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
