import type { Json } from '../lib/json.js';
import type { ContainerStep, Step } from './document.js';
import { readMapping } from './read-mapping.js';
import { isExpression, isFields, isTemplate } from './step-mappings.js';

/** New step ids by old ones. */
export type Renames = ReadonlyMap<string, string>;

/**
 * The step with `steps.<old id>` and `callbacks.<old id>` rewritten in its expressions and templates, and in those of steps inside it. A value
 * is rewritten only if what it reads changes by exactly these names: so text, and fields of data that happen to be
 * called `steps`, stay; what can't be told apart stays too, and `checkFlow` then asks a person.
 */
export function renameReferences(step: Step, renames: Renames): Step {
  const renamed = renameInStep(step, renames);
  // The step itself where nothing changed: the editor draws again what is another object.
  return JSON.stringify(renamed) === JSON.stringify(step) ? step : renamed;
}

function renameInStep(step: Step, renames: Renames): Step {
  switch (step.kind) {
    case 'action':
    case 'transform':
    case 'compute':
    case 'subflow':
    case 'code':
      return { ...step, input: renameInFields(step.input, renames) };
    case 'filter':
      return { ...step, when: renameInCondition(step.when, renames) };
    case 'branch':
      return { ...step, cases: step.cases.map(({ port, when }) => ({ port, when: renameInCondition(when, renames) })) };
    case 'wait':
      return {
        ...step,
        ...(isExpression(step.seconds) && { seconds: renameInExpression(step.seconds, renames) }),
        ...(isExpression(step.until) && { until: renameInExpression(step.until, renames) }),
      };
    case 'respond': {
      const headers = renameInFields(step.headers, renames);
      return { ...step, headers, ...(step.body !== undefined && { body: renameInValue(step.body, renames) }) };
    }
    case 'stop':
      return { ...step, ...(step.message !== undefined && { message: renameInValue(step.message, renames) }) };
    case 'approval': {
      const question = renameInValue(step.question, renames);
      return { ...step, question, details: renameInFields(step.details, renames) };
    }
    case 'state':
      return {
        ...step,
        key: renameInValue(step.key, renames),
        ...(step.value !== undefined && { value: renameInValue(step.value, renames) }),
        ...(step.by !== undefined && { by: renameInValue(step.by, renames) }),
      };
    case 'forEach':
      return { ...renameInside(step, renames), items: renameInExpression(step.items, renames) };
    case 'repeat':
      return { ...renameInside(step, renames), until: renameInExpression(step.until, renames) };
    default:
      return step;
  }
}

function renameInside<Kind extends ContainerStep>(step: Kind, renames: Renames): Kind {
  const collect = step.collect === undefined ? {} : { collect: renameInValue(step.collect, renames) };
  return { ...step, ...collect, steps: step.steps.map((inner) => renameReferences(inner, renames)) };
}

function renameInFields(fields: Readonly<Record<string, Json>>, renames: Renames): Record<string, Json> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, renameInValue(value, renames)]));
}

function renameInCondition(when: boolean | { $: string }, renames: Renames): boolean | { $: string } {
  return typeof when === 'boolean' ? when : renameInExpression(when, renames);
}

function renameInValue(value: Json, renames: Renames): Json {
  if (isExpression(value)) return renameInExpression(value, renames);
  if (isTemplate(value)) {
    const renamed = value.replace(/\{\{[\s\S]*?\}\}/g, (part) => renameInText(part, renames));
    return readsTheSame(value, renamed, renames) ? renamed : value;
  }
  if (isList(value)) return value.map((item) => renameInValue(item, renames));
  return isFields(value) ? renameInFields(value, renames) : value;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function renameInExpression(value: { $: string }, renames: Renames): { $: string } {
  const renamed = { $: renameInText(value.$, renames) };
  return readsTheSame(value, renamed, renames) ? renamed : value;
}

// Literals, quoted names and comments are matched first, so that nothing inside of them is taken for a name.
const tokens =
  /"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|\/\*[\s\S]*?\*\/|((?:(?<![\w.$`])|(?<=\$\$\.))(?:steps|`steps`|callbacks|`callbacks`)\s*\.\s*)([`"']?)([A-Za-z][A-Za-z0-9_]*)\2(?![\w`])|`[^`]*`/g;

function renameInText(text: string, renames: Renames): string {
  return text.replace(tokens, (...[token = '', steps = '', quote = '', id = '']: string[]) => {
    const renamed = renames.get(id);
    return renamed === undefined ? token : `${steps}${quote}${renamed}${quote}`;
  });
}

function readsTheSame(before: Json, after: Json, renames: Renames): boolean {
  const [had, has] = [readMapping(before), readMapping(after)];
  if (had === null || has === null) return false;
  const expected = had.map(([root = '', id = '', ...rest]) => [
    root,
    root === 'steps' || root === 'callbacks' ? (renames.get(id) ?? id) : id,
    ...rest,
  ]);
  return textOf(expected) === textOf(has);
}

function textOf(paths: readonly (readonly string[])[]): string {
  return paths
    .map((path) => JSON.stringify([path[0] ?? '', path[1] ?? '', ...path.slice(2)]))
    .toSorted()
    .join();
}
