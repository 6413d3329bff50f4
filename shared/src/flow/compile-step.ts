import { assertNever } from '../lib/assert-never.js';
import type { Json } from '../lib/json.js';
import type { Step } from './document.js';
import { compileExpression } from './expression/compile.js';
import { compileMapping } from './expression/mapping.js';
import { truth } from './expression/truth.js';

/** What expressions see: `trigger`, `steps`, `flow`, `run`, `environment`, `callbacks`, and in a loop `item`, `index`, `previous`. */
export interface Scope {
  readonly trigger: unknown;
  /** Outputs by step id, without a prototype. A step that was skipped or isn't settled has none. */
  readonly steps: Readonly<Record<string, unknown>>;
  readonly flow: { readonly id: string; readonly name: string };
  readonly run: { readonly id: string };
  readonly environment: { readonly name: string };
  readonly callbacks: Readonly<Record<string, string>>;
  readonly item?: unknown;
  readonly index?: number;
  readonly previous?: unknown;
}

type Evaluate = (scope: Scope) => unknown;
type Condition = (scope: Scope) => boolean;

/** A step with its mappings and conditions compiled; evaluating one may throw an ExpressionError. */
export type CompiledStep =
  | { readonly kind: 'trigger'; readonly key: Evaluate | null }
  | { readonly kind: 'action'; readonly input: Evaluate }
  | { readonly kind: 'transform' | 'compute'; readonly input: Evaluate }
  | { readonly kind: 'filter'; readonly when: Condition }
  | { readonly kind: 'branch'; readonly cases: readonly { readonly port: string; readonly when: Condition }[] }
  | { readonly kind: 'wait'; readonly seconds: Evaluate | null; readonly until: Evaluate | null }
  | { readonly kind: 'respond'; readonly status: number; readonly headers: Evaluate; readonly body: Evaluate | null }
  | { readonly kind: 'stop'; readonly outcome: 'succeeded' | 'failed'; readonly message: Evaluate | null }
  | { readonly kind: 'approval'; readonly question: Evaluate; readonly details: Evaluate }
  | { readonly kind: 'callback' }
  | { readonly kind: 'subflow' | 'code'; readonly input: Evaluate }
  | {
      readonly kind: 'state';
      readonly key: Evaluate;
      readonly value: Evaluate | null;
      readonly by: Evaluate | null;
    }
  | { readonly kind: 'forEach'; readonly items: Evaluate; readonly collect: Evaluate | null }
  | { readonly kind: 'repeat'; readonly until: Condition; readonly collect: Evaluate | null };

/** Throws an ExpressionError for an expression that `checkFlow` refuses. */
export function compileStep(step: Step): CompiledStep {
  switch (step.kind) {
    case 'trigger':
      return { kind: 'trigger', key: compileOptional(step.key) };
    case 'callback':
      return { kind: 'callback' };
    case 'action':
    case 'transform':
    case 'compute':
    case 'subflow':
    case 'code':
      return { kind: step.kind, input: compile(step.input) };
    case 'filter':
      return { kind: 'filter', when: compileCondition(step.when) };
    case 'branch':
      return { kind: 'branch', cases: step.cases.map(({ port, when }) => ({ port, when: compileCondition(when) })) };
    case 'wait':
      return { kind: 'wait', seconds: compileOptional(step.seconds), until: compileOptional(step.until) };
    case 'respond':
      return {
        kind: 'respond',
        status: step.status,
        headers: compile(step.headers),
        body: compileOptional(step.body),
      };
    case 'stop':
      return { kind: 'stop', outcome: step.outcome, message: compileOptional(step.message) };
    case 'approval':
      return { kind: 'approval', question: compile(step.question), details: compile(step.details) };
    case 'state':
      return {
        kind: 'state',
        key: compile(step.key),
        value: compileOptional(step.value),
        by: compileOptional(step.by),
      };
    case 'forEach':
      return { kind: 'forEach', items: compile(step.items), collect: compileOptional(step.collect) };
    case 'repeat':
      return { kind: 'repeat', until: compileCondition(step.until), collect: compileOptional(step.collect) };
    default:
      return assertNever(step);
  }
}

function compile(mapping: Json): Evaluate {
  const compiled = compileMapping(mapping);
  return (scope) => compiled.evaluate(scope);
}

function compileOptional(mapping: Json | undefined): Evaluate | null {
  return mapping === undefined ? null : compile(mapping);
}

/** Nothing, `''`, `0`, `[]` and `{}` don't hold, as in a condition of the expression language. */
function compileCondition(when: boolean | { $: string }): Condition {
  if (typeof when === 'boolean') return () => when;
  const compiled = compileExpression(when.$);
  return (scope) => truth(compiled.evaluate(scope)) === true;
}
