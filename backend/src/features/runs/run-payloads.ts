import type { KeptValue } from '../../engine/open-payloads.js';

/** What went in and came out of a run's steps, opened. Absent where it was dropped: the proof stands without it. */
export interface RunPayloads {
  event(): unknown;
  input(step: string): unknown;
  output(step: string): unknown;
  error(step: string, attempt: number): { code: string; message: string } | undefined;
  /** Lines that its code wrote, in its last attempt. */
  console(step: string): string[] | undefined;
}

export function readPayloads(values: readonly KeptValue[]): RunPayloads {
  const ofKind = (kind: KeptValue['kind']) => values.filter((one) => one.kind === kind);
  const byStep = (kind: KeptValue['kind']) => new Map(ofKind(kind).map(({ step, value }) => [step, value]));
  const outputs = new Map([
    ...byStep('output'),
    ...ofKind('outputs').flatMap(({ value }) => Object.entries(asRecord(value))),
  ]);
  const inputs = byStep('input');
  const errors = new Map(ofKind('error').map(({ step, attempt, value }) => [`${step} ${attempt}`, value]));
  const consoles = new Map(
    ofKind('console')
      .sort((one, other) => one.attempt - other.attempt)
      .map(({ step, value }) => [step, value]),
  );
  return {
    event: () => ofKind('event')[0]?.value,
    input: (step) => inputs.get(step),
    output: (step) => outputs.get(step),
    console: (step) => asLines(consoles.get(step)),
    error: (step, attempt) => asFailure(errors.get(`${step} ${attempt}`)),
  };
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function asFailure(value: unknown): { code: string; message: string } | undefined {
  const { code, message } = asRecord(value);
  return typeof code === 'string' && typeof message === 'string' ? { code, message } : undefined;
}

function asLines(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.map(String) : undefined;
}
