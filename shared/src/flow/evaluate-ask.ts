import type { CompiledStep, Scope } from './compile-step.js';
import { attempt, ofKind } from './evaluate-step.js';
import { StepFailure } from './step-failure.js';

/* What steps evaluate that ask a person, or the flow's own state. Pure. Throw StepFailure. */

export interface Question {
  /** One to 4,000 characters. */
  question: string;
  details: Readonly<Record<string, unknown>>;
}

/** What an approval puts before a person. */
export function evaluateQuestion(step: CompiledStep, scope: Scope): Question {
  const { question, details } = ofKind(step, 'approval');
  const text = asText(attempt(() => question(scope)));
  if (text.trim() === '') {
    throw new StepFailure('approval.no_question', 'The approval asks nothing: its question came out empty.');
  }
  const given = attempt(() => details(scope));
  return { question: text.slice(0, 4000), details: typeof given === 'object' && given !== null ? { ...given } : {} };
}

/** A business key by a trigger: text of up to 200 characters; null where there is none, or it can't be told. */
export function evaluateKey(step: CompiledStep, scope: Scope): string | null {
  const { key } = ofKind(step, 'trigger');
  if (key === null) return null;
  try {
    const value = attempt(() => key(scope));
    const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    const text = isPlain ? String(value).trim() : '';
    return text === '' || text.length > 200 ? null : text;
  } catch (error) {
    if (error instanceof StepFailure) return null;
    throw error;
  }
}

export interface StateInput {
  key: string;
  /** Of `set` and `remember`; null when there is none. */
  value: unknown;
  /** Of `increment`. */
  by: number;
}

const longestKey = 200;

/** What a state step reads or writes. */
export function evaluateState(step: CompiledStep, scope: Scope): StateInput {
  const { key, value, by } = ofKind(step, 'state');
  const name = asText(attempt(() => key(scope)));
  if (name === '' || name.length > longestKey) {
    throw new StepFailure('state.key_invalid', `A state needs a key of 1 to ${longestKey} characters.`);
  }
  const amount = by === null ? 1 : attempt(() => by(scope));
  if (typeof amount !== 'number' || !Number.isFinite(amount)) {
    throw new StepFailure(
      'state.by_invalid',
      'A state is increased by a number, and the expression gave something else.',
    );
  }
  return { key: name, value: (value === null ? null : attempt(() => value(scope))) ?? null, by: amount };
}

function asText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
