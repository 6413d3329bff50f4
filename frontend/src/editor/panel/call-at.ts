import { type Builtin, builtins } from '@sluice/shared/flow';
import type { MappingMode } from './mapping-mode.js';

export interface CallAt {
  readonly name: string;
  readonly builtin: Builtin;
  /** Which of its arguments, from 0. */
  readonly argument: number;
}

/** Quoted text and names, comments, and a regular expression where an argument begins: nothing in them is a call. */
const quoted = /"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?|`[^`]*`?|\/\*[\s\S]*?(?:\*\/|$)|(?<=[(,]\s*)\/(?:\\.|[^/\\])+\/?/;
const token = new RegExp(`(?<quoted>${quoted.source})|(?:\\$(?<name>\\w+)\\s*)?(?<open>[([{])|[)\\]},]`, 'g');

/** The innermost call of a built-in function around the caret; null outside of any. */
export function callAt(text: string, caret: number, mode: MappingMode): CallAt | null {
  const start = startOf(text.slice(0, caret), mode);
  if (start === null) return null;
  const open: { name: string | null; argument: number }[] = [];
  for (const { 0: sign, groups } of text.slice(start, caret).matchAll(token)) {
    if (groups?.['quoted'] !== undefined) continue;
    const inner = open.at(-1);
    if (groups?.['open'] !== undefined)
      open.push({ name: groups['open'] === '(' ? (groups['name'] ?? null) : null, argument: 0 });
    else if (sign !== ',') open.pop();
    else if (inner) inner.argument += 1;
  }
  const call = open.findLast(({ name }) => name !== null && Object.hasOwn(builtins, name));
  const builtin = builtins[call?.name ?? ''];
  return call?.name && builtin ? { name: call.name, builtin, argument: call.argument } : null;
}

/** Where the expression around the caret begins. */
function startOf(before: string, mode: MappingMode): number | null {
  if (mode === 'expression') return 0;
  const open = before.lastIndexOf('{{');
  return mode === 'literal' || open <= before.lastIndexOf('}}') ? null : open + 2;
}

/** What a call takes: each parameter in words, `length?` where it may be left out, and what it gives. */
export function partsOf({ form }: Builtin): { parameters: string[]; gives: string } {
  const [, inside = '', gives = ''] = /^\((.*)\) → (.*)$/.exec(form) ?? [];
  return { parameters: inside.split(', '), gives };
}
