import type { Json } from '../lib/json.js';
import { isContainer, type Step } from './document.js';
import { isTemplate as holdsExpression } from './expression/template.js';

/** A mapping or condition of a step, and where in the step it stands. */
export interface StepMapping {
  readonly path: readonly (string | number)[];
  readonly value: Json;
}

/** What a step evaluates before it begins, in the order of the form. A container's inner steps have their own. */
export function mappingsOf(step: Step): StepMapping[] {
  switch (step.kind) {
    case 'trigger':
      return optional('key', step.key);
    case 'action':
    case 'transform':
    case 'compute':
    case 'subflow':
    case 'code':
      return fieldsOf('input', step.input);
    case 'filter':
      return [{ path: ['when'], value: step.when }];
    case 'branch':
      return step.cases.map((branchCase, index) => ({ path: ['cases', index, 'when'], value: branchCase.when }));
    case 'wait':
      return [...optional('seconds', step.seconds), ...optional('until', step.until)];
    case 'respond':
      return [...fieldsOf('headers', step.headers), ...optional('body', step.body)];
    case 'stop':
      return optional('message', step.message);
    case 'approval':
      return [{ path: ['question'], value: step.question }, ...fieldsOf('details', step.details)];
    case 'state':
      return [{ path: ['key'], value: step.key }, ...optional('value', step.value), ...optional('by', step.by)];
    case 'forEach':
      return [{ path: ['items'], value: step.items }];
    default:
      return [];
  }
}

/** What a container evaluates at the end of a pass: it sees the steps inside. */
export function innerMappingsOf(step: Step): StepMapping[] {
  if (!isContainer(step)) return [];
  const until: StepMapping[] = step.kind === 'repeat' ? [{ path: ['until'], value: step.until }] : [];
  return [...until, ...optional('collect', step.collect)];
}

function fieldsOf(key: string, fields: Readonly<Record<string, Json>>): StepMapping[] {
  return Object.entries(fields).map(([field, value]) => ({ path: [key, field], value }));
}

function optional(key: string, value: Json | undefined): StepMapping[] {
  return value === undefined ? [] : [{ path: [key], value }];
}

/** Whether a value of a mapping is an expression, `{ "$": "..." }`. */
export function isExpression(value: unknown): value is { $: string } {
  if (!isFields(value)) return false;
  const keys = Object.keys(value);
  return keys.length === 1 && keys[0] === '$' && typeof value['$'] === 'string';
}

/** Whether a value of a mapping is a template, text with `{{ }}` in it. */
export function isTemplate(value: unknown): value is string {
  return typeof value === 'string' && holdsExpression(value);
}

/** Whether a value has named fields: an object, and no array. */
export function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
