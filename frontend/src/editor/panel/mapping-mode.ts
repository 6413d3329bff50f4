import { isTemplate } from '@sluice/shared/flow';
import type { Json } from '@sluice/shared/lib';
import type { FieldSpec } from './schema-fields.js';

/** How a value is given: as it stands, as text with `{{ }}`, or as an expression that keeps its type. */
export type MappingMode = 'literal' | 'template' | 'expression';

export function isExpression(value: unknown): value is { $: string } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  return keys.length === 1 && '$' in value && typeof value.$ === 'string';
}

export function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function modeOf(value: Json | undefined): MappingMode {
  if (isExpression(value)) return 'expression';
  return typeof value === 'string' && isTemplate(value) ? 'template' : 'literal';
}

/** The text in the box. */
export function textOf(value: Json | undefined): string {
  if (value === undefined) return '';
  if (isExpression(value)) return value.$;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What the text means in a mode; undefined is an unmapped field. */
export function valueOf(text: string, mode: MappingMode, field: Pick<FieldSpec, 'kind'>): Json | undefined {
  if (text === '') return undefined;
  if (mode === 'expression') return { $: text };
  return mode === 'template' ? text : literalOf(text, field);
}

/** A number, list or group of fields where the field asks for one and the text is one; else the text itself. */
function literalOf(text: string, field: Pick<FieldSpec, 'kind'>): Json {
  if (field.kind === 'text') return text;
  try {
    const value: Json = JSON.parse(text);
    return field.kind === 'number' && typeof value !== 'number' ? text : value;
  } catch {
    return text;
  }
}

const whole = /^\s*\{\{([\s\S]*)\}\}\s*$/;

/** The same text in another mode, and a word where it now means something else. */
export function switchMode(text: string, from: MappingMode, to: MappingMode): { text: string; note: string | null } {
  if (from === to || text.trim() === '') return { text, note: null };
  const inner = whole.exec(text)?.[1];
  if (to === 'expression') {
    if (from === 'template' && inner !== undefined && !inner.includes('{{')) return { text: inner.trim(), note: null };
    return { text, note: 'Read as an expression now: a name is looked up, text needs quotes.' };
  }
  if (to === 'template')
    return from === 'expression'
      ? { text: `{{ ${text} }}`, note: 'Gives text now, whatever the expression gives.' }
      : { text, note: null };
  return {
    text,
    note:
      from === 'expression'
        ? 'Sent as it stands now, not looked up.'
        : 'Braces are still looked up: a literal with {{ }} is a template.',
  };
}

/** Puts a path of the data tree into a field: the whole value when empty, else at the caret. */
export function insertPath(
  field: { text: string; mode: MappingMode; caret: number; isText: boolean },
  path: string,
): { text: string; mode: MappingMode; caret: number } {
  const { text, mode, caret } = field;
  if (text.trim() === '' || (mode === 'literal' && !field.isText))
    return { text: path, mode: 'expression', caret: path.length };
  const piece = mode === 'expression' ? path : `{{ ${path} }}`;
  return {
    text: text.slice(0, caret) + piece + text.slice(caret),
    mode: mode === 'expression' ? 'expression' : 'template',
    caret: caret + piece.length,
  };
}

/** With the caret behind a whole `{{ }}`, what a delete leaves; null for the usual one letter. */
export function deleteToken(text: string, caret: number): { text: string; caret: number } | null {
  if (!text.slice(0, caret).endsWith('}}')) return null;
  const start = text.lastIndexOf('{{', caret);
  return start === -1 ? null : { text: text.slice(0, start) + text.slice(caret), caret: start };
}
