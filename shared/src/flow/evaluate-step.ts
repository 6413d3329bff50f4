import type { CompiledStep, Scope } from './compile-step.js';
import { ExpressionError } from './expression/problem.js';
import type { Settlement } from './next-steps.js';
import { StepFailure } from './step-failure.js';

/*
 * What a compiled step gives for a scope. Pure. All but `evaluatePureStep` throw StepFailure when an expression fails
 * or gives something the step can't use, and an Error when asked of a step of another kind.
 */

/** A transform's, filter's or branch's settlement; failed when an expression fails. */
export function evaluatePureStep(compiled: CompiledStep, scope: Scope): Settlement {
  try {
    return settlementOf(compiled, scope);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { status: 'failed', port: null, error: { code: error.code, message: error.message } };
  }
}

function settlementOf(compiled: CompiledStep, scope: Scope): Settlement {
  switch (compiled.kind) {
    case 'transform':
      return { status: 'succeeded', port: 'next', output: compiled.input(scope) };
    case 'filter': {
      const passed = compiled.when(scope);
      return { status: 'succeeded', port: passed ? 'next' : null, output: { passed } };
    }
    case 'branch': {
      const port = compiled.cases.find((branchCase) => branchCase.when(scope))?.port ?? 'else';
      return { status: 'succeeded', port, output: { port } };
    }
    default:
      throw new Error(`A ${compiled.kind} step is not pure.`);
  }
}

/** The input of an action, a computation, a subflow or code. Fields whose expression gives nothing are absent. */
export function evaluateInput(step: CompiledStep, scope: Scope): Record<string, unknown> {
  if (!('input' in step)) throw ofOtherKind(step);
  const input = attempt(() => step.input(scope));
  if (!isRecord(input)) throw new Error('A mapping of fields gives fields.');
  return input;
}

export type WaitTime = { seconds: number } | { until: string };

const longestWait = 31_536_000;

/** How long a wait lasts: seconds, or a UTC time such as `2026-05-01T08:00:00.000Z`. */
export function evaluateWait(step: CompiledStep, scope: Scope): WaitTime {
  const compiled = ofKind(step, 'wait');
  if (compiled.until !== null) {
    const until = attempt(() => compiled.until?.(scope));
    // A time without a zone would mean another moment on each machine.
    const zoned = typeof until === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d.*(?:Z|[+-]\d\d:?\d\d)$/i.test(until);
    const time = zoned ? Date.parse(until) : Number.NaN;
    if (Number.isNaN(time)) {
      throw new StepFailure(
        'wait.until_invalid',
        'The wait needs a time with its zone, such as 2026-05-01T08:00:00Z, and its expression gave something else.',
      );
    }
    return { until: new Date(time).toISOString() };
  }
  const seconds = attempt(() => compiled.seconds?.(scope));
  if (typeof seconds !== 'number' || !(seconds >= 0 && seconds <= longestWait)) {
    throw new StepFailure(
      'wait.seconds_invalid',
      'The wait needs a number of seconds from 0 to 31536000 (a year), and its expression gave something else.',
    );
  }
  return { seconds };
}

export interface Reply {
  status: number;
  headers: Record<string, string>;
  /** Absent when there is none. */
  body?: unknown;
}

/** What a respond step answers. */
export function evaluateRespond(step: CompiledStep, scope: Scope): Reply {
  const compiled = ofKind(step, 'respond');
  const given = attempt(() => compiled.headers(scope));
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(isRecord(given) ? given : {})) {
    if (value !== null && value !== undefined) headers[name] = headerText(name, value);
  }
  const body = attempt(() => compiled.body?.(scope));
  return body === undefined ? { status: compiled.status, headers } : { status: compiled.status, headers, body };
}

/** A line break in a value from outside would let its sender write headers of their own. */
function headerText(name: string, value: unknown): string {
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  if (typeof text !== 'string' || !/^[\t\x20-\x7e]*$/.test(text)) {
    throw new StepFailure(
      'respond.header_invalid',
      `The header ${name} can't carry its value: a header takes one line of plain text or a number.`,
    );
  }
  return text;
}

export interface StopOutcome {
  outcome: 'succeeded' | 'failed';
  message?: string;
}

/** How a stop step ends the run. */
export function evaluateStop(step: CompiledStep, scope: Scope): StopOutcome {
  const compiled = ofKind(step, 'stop');
  const message = attempt(() => compiled.message?.(scope));
  if (message === undefined || message === null) return { outcome: compiled.outcome };
  return { outcome: compiled.outcome, message: typeof message === 'string' ? message : JSON.stringify(message) };
}

export function attempt(evaluate: () => unknown): unknown {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof ExpressionError) throw new StepFailure(error.code, error.message, { cause: error });
    throw error;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The step as what it is expected to be. Throws an Error when it isn't. */
export function ofKind<Kind extends CompiledStep['kind']>(
  step: CompiledStep,
  kind: Kind,
): Extract<CompiledStep, { kind: Kind }> {
  if (!isOfKind(step, kind)) throw ofOtherKind(step);
  return step;
}

function isOfKind<Kind extends CompiledStep['kind']>(
  step: CompiledStep,
  kind: Kind,
): step is Extract<CompiledStep, { kind: Kind }> {
  return step.kind === kind;
}

function ofOtherKind(step: CompiledStep): Error {
  return new Error(`A ${step.kind} step was taken for one of another kind.`);
}
