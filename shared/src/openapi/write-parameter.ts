import type { ParameterPlace } from './declaration.js';

type Pair = readonly [name: string, value: string];

/** The segment, or a part of one, that a value becomes; null for a value that would not stay in its place. */
export function pathText(place: ParameterPlace, value: unknown): string | null {
  const { style, explode, name } = place;
  const between = style === 'simple' ? ',' : style === 'label' ? '.' : ';';
  const text = pairsOf(value).map(([key, one]) =>
    key !== '' && explode
      ? `${encode(key)}=${encode(one)}`
      : key === ''
        ? encode(one)
        : `${encode(key)},${encode(one)}`,
  );
  if (text.some((one) => /%2f|%5c/i.test(one))) return null;
  const joined = text.join(explode ? between : ',');
  if (joined === '' || joined === '.' || joined === '..') return null;
  if (style === 'label') return `.${joined}`;
  return style === 'matrix' ? `;${encode(name)}=${joined}` : joined;
}

export function headerText({ explode }: ParameterPlace, value: unknown): string {
  return pairsOf(value)
    .map(([key, one]) => (key === '' ? one : explode ? `${key}=${one}` : `${key},${one}`))
    .join(',');
}

/** The names and values that a value becomes in a query or a form. */
export function queryPairs(place: Pick<ParameterPlace, 'style' | 'explode' | 'name'>, value: unknown): Pair[] {
  const { style, explode, name } = place;
  if (style === 'json') return [[name, JSON.stringify(value)]];
  if (style === 'deepObject') return deepPairs(name, value, 0);
  const pairs = pairsOf(value);
  const isObject = pairs.some(([key]) => key !== '');
  if (explode) return pairs.map(([key, one]) => [isObject ? key : name, one]);
  const between = style === 'spaceDelimited' ? ' ' : style === 'pipeDelimited' ? '|' : ',';
  return [[name, pairs.flatMap(([key, one]) => (isObject ? [key, one] : [one])).join(between)]];
}

function deepPairs(name: string, value: unknown, depth: number): Pair[] {
  if (Array.isArray(value)) return value.flatMap((one) => deepPairs(name, one, depth + 1));
  if (typeof value !== 'object' || value === null || depth > 5) return [[name, plainText(value)]];
  return Object.entries(value).flatMap(([key, one]) => deepPairs(`${name}[${key}]`, one, depth + 1));
}

/** Of a list and of a single value without names, of an object with them. */
function pairsOf(value: unknown): Pair[] {
  if (Array.isArray(value)) return value.map((one) => ['', plainText(one)]);
  if (typeof value !== 'object' || value === null) return [['', plainText(value)]];
  return Object.entries(value).map(([key, one]) => [key, plainText(one)]);
}

/** A value as one word; a group of fields as its JSON. */
export function plainText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? '' : JSON.stringify(value);
}

function encode(text: string): string {
  return encodeURIComponent(text);
}
