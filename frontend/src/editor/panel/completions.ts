import { builtins, type Scope } from '@sluice/shared/flow';
import type { MappingMode } from './mapping-mode.js';
import { pathText } from './paths.js';
import { typeName } from './type-name.js';

export interface Completion {
  /** What replaces the text from `from` up to the caret. */
  insert: string;
  /** Its type or signature, at the right. */
  detail: string;
  /** Of a function: what it does. */
  says?: string;
}
export interface Completions {
  from: number;
  options: readonly Completion[];
}

const functions: readonly Completion[] = Object.entries(builtins).map(([name, { form, says }]) => ({
  insert: `$${name}(`,
  detail: form,
  says,
}));

/** What may come at the caret: names of the data below the path before it, or functions behind `$`. Null for nothing. */
export function completionsAt(at: {
  text: string;
  caret: number;
  mode: MappingMode;
  scope: Scope;
  steps: readonly string[];
}): Completions | null {
  const before = at.text.slice(0, at.caret);
  if (at.mode === 'literal') return null;
  if (at.mode === 'template' && before.lastIndexOf('{{') <= before.lastIndexOf('}}')) return null;
  const typed = /[\w$.`]*$/.exec(before)?.[0] ?? '';
  if (typed.startsWith('$')) return listed(at.caret - typed.length, functions, typed);
  const parts = typed.split('.');
  const last = parts.pop() ?? '';
  const container = readPath(at.scope, parts, at.steps);
  const options = Object.entries(container).map(([name, value]) => ({
    insert: pathText([name]),
    detail: typeName(value),
  }));
  return listed(at.caret - last.length, options, last);
}

function listed(from: number, options: readonly Completion[], typed: string): Completions | null {
  const wanted = typed.toLowerCase();
  const fitting = options.filter(({ insert }) => insert.toLowerCase().startsWith(wanted) && insert !== typed);
  return fitting.length === 0 ? null : { from, options: fitting.slice(0, 100) };
}

function readPath(scope: Scope, path: readonly string[], steps: readonly string[]): object {
  let at: unknown = {
    ...scope,
    steps: Object.fromEntries(Object.entries(scope.steps).filter(([id]) => steps.includes(id))),
  };
  for (const part of path) {
    const inside: unknown = Array.isArray(at) ? at[0] : at;
    const name = part.replaceAll('`', '');
    if (typeof inside !== 'object' || inside === null || !Object.hasOwn(inside, name)) return {};
    at = Reflect.get(inside, name);
  }
  const inside: unknown = Array.isArray(at) ? at[0] : at;
  return typeof inside === 'object' && inside !== null ? inside : {};
}
