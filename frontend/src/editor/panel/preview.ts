import { checkMapping, compileMapping, didYouMean, ExpressionError, type Scope } from '@sluice/shared/flow';
import type { Json } from '@sluice/shared/lib';

/** What a mapping gives on the sample. */
export type Preview =
  | { readonly kind: 'value'; readonly text: string }
  /** It gives nothing, so the field would be left out; `hint` says why where that can be known. */
  | { readonly kind: 'nothing'; readonly hint: string | null }
  | { readonly kind: 'error'; readonly message: string };

const longest = 240;

export function previewOf(value: Json, scope: Scope): Preview {
  const [broken] = checkMapping(value);
  if (broken !== undefined) {
    const { message, position } = broken.problem;
    return { kind: 'error', message: position === undefined ? message : `${message} At character ${position + 1}.` };
  }
  const mapping = compileMapping(value);
  const unknown = mapping.paths.map((path) => missingName(path, scope)).find((hint) => hint !== null) ?? null;
  try {
    const result = mapping.evaluate(scope);
    if (result === undefined) return { kind: 'nothing', hint: unknown };
    return { kind: 'value', text: shown(result) };
  } catch (error) {
    if (error instanceof ExpressionError) return { kind: 'error', message: unknown ?? error.message };
    throw error;
  }
}

/** Whether a condition holds on the sample; null when that can't be said. */
export function holdsOnSample(value: Json, scope: Scope): boolean | null {
  try {
    return compileMapping({ $: `$boolean(${textOfCondition(value)})` }).evaluate(scope) === true;
  } catch {
    return null;
  }
}

function textOfCondition(value: Json): string {
  if (typeof value === 'object' && value !== null && '$' in value) return textOfCondition(value.$);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > longest ? `${text.slice(0, longest)} … ${text.length} characters` : text;
}

/** The first name on a path that the sample doesn't have, with the nearest that it has. */
export function missingName(path: readonly string[], scope: Scope): string | null {
  let at: unknown = scope;
  for (const [index, name] of path.entries()) {
    if (name === '*') return null;
    const inside = Array.isArray(at) ? at[0] : at;
    if (typeof inside !== 'object' || inside === null) return null;
    if (!Object.hasOwn(inside, name)) {
      const where = index === 0 ? 'the data of this step' : path.slice(0, index).join('.');
      return `There is no ${name} in ${where}.${didYouMean(name, Object.keys(inside))}`;
    }
    at = Reflect.get(inside, name);
  }
  return null;
}
