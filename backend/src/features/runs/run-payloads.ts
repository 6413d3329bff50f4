import type { KeyObject } from 'node:crypto';
import { openJson } from '../../engine/run-keys.js';
import type { StoredPayload } from './runs.repository.js';

type ReadPayload = Omit<StoredPayload, 'sealed' | 'blob'> & { sealed: Buffer };

/** What went in and came out of a run's steps, opened. Absent where it was dropped: the proof stands without it. */
export interface RunPayloads {
  event(): unknown;
  input(step: string): unknown;
  output(step: string): unknown;
  error(step: string, attempt: number): { code: string; message: string } | undefined;
  /** Lines that its code wrote, in its last attempt. */
  console(step: string): string[] | undefined;
}

export function openPayloads(run: string, key: KeyObject, stored: readonly ReadPayload[]): RunPayloads {
  const open = ({ step, attempt, kind, sealed }: ReadPayload) => openJson(key, sealed, { run, step, attempt, kind });
  const ofKind = (kind: StoredPayload['kind']) => stored.filter((payload) => payload.kind === kind);
  const pure = new Map<string, unknown>(
    ofKind('outputs').flatMap((payload) => Object.entries(asRecord(open(payload)))),
  );
  const outputs = new Map(ofKind('output').map((payload) => [payload.step, payload]));
  const inputs = new Map(ofKind('input').map((payload) => [payload.step, payload]));
  const errors = new Map(ofKind('error').map((payload) => [`${payload.step} ${payload.attempt}`, payload]));
  const consoles = new Map(
    ofKind('console')
      .sort((one, other) => one.attempt - other.attempt)
      .map((payload) => [payload.step, payload]),
  );
  const openFound = (payload: ReadPayload | undefined) => (payload === undefined ? undefined : open(payload));
  return {
    event: () => openFound(ofKind('event')[0]),
    input: (step) => openFound(inputs.get(step)),
    output: (step) => (pure.has(step) ? pure.get(step) : openFound(outputs.get(step))),
    console: (step) => asLines(openFound(consoles.get(step))),
    error: (step, attempt) => asFailure(openFound(errors.get(`${step} ${attempt}`))),
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
