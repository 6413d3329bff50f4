import { ExpressionError } from './problem.js';

/** A node of the parser's tree, whose published type leaves most of it out. Read field by field, trusting nothing. */
export type Raw = Readonly<Record<string, unknown>>;

export function isRaw(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function refuse(code: string, message: string, raw?: Raw): never {
  const position = raw === undefined ? undefined : positionOf(raw);
  const problem = { code: `expression.${code}`, message };
  throw new ExpressionError(position === undefined ? problem : { ...problem, position });
}

export function positionOf(raw: Raw): number | undefined {
  return typeof raw.position === 'number' ? raw.position : undefined;
}

export function child(raw: Raw, field: string): Raw {
  const value = raw[field];
  return isRaw(value) ? value : refuse('unsupported', 'This part of the expression is not supported.', raw);
}

export function children(raw: Raw, field: string): Raw[] {
  const value = raw[field];
  if (value === undefined) return [];
  if (!Array.isArray(value)) return refuse('unsupported', 'This part of the expression is not supported.', raw);
  return value.map((item) =>
    isRaw(item) ? item : refuse('unsupported', 'This part of the expression is not supported.', raw),
  );
}

export function text(raw: Raw, field: string): string {
  const value = raw[field];
  return typeof value === 'string'
    ? value
    : refuse('unsupported', 'This part of the expression is not supported.', raw);
}

export function optionalText(raw: Raw, field: string): string | null {
  return raw[field] === undefined ? null : text(raw, field);
}

/** The pairs of an object constructor or a grouping: `[[key, value], ...]`. */
export function pairs(raw: Raw, field: string): [Raw, Raw][] {
  const value = raw[field];
  if (!Array.isArray(value)) return refuse('unsupported', 'This part of the expression is not supported.', raw);
  return value.map((pair) => {
    const [key, item] = Array.isArray(pair) ? pair : [];
    return isRaw(key) && isRaw(item)
      ? [key, item]
      : refuse('unsupported', 'This part of the expression is not supported.', raw);
  });
}

/** Every name that the expression gives to a variable, anywhere in it. */
export function boundNames(raw: unknown, names: Set<string> = new Set()): Set<string> {
  if (Array.isArray(raw)) for (const item of raw) boundNames(item, names);
  if (!isRaw(raw) || raw instanceof RegExp) return names;
  if (raw.type === 'bind' && isRaw(raw.lhs) && typeof raw.lhs.value === 'string') names.add(raw.lhs.value);
  if (raw.type === 'lambda' && Array.isArray(raw.arguments)) {
    for (const parameter of raw.arguments)
      if (isRaw(parameter) && typeof parameter.value === 'string') names.add(parameter.value);
  }
  if (raw.type === 'index' && typeof raw.value === 'string') names.add(raw.value);
  if (typeof raw.focus === 'string') names.add(raw.focus);
  if (typeof raw.index === 'string') names.add(raw.index);
  for (const value of Object.values(raw)) boundNames(value, names);
  return names;
}

/** Whether a regular expression is written anywhere inside. */
export function holdsRegex(raw: unknown): boolean {
  if (raw instanceof RegExp) return true;
  return typeof raw === 'object' && raw !== null && Object.values(raw).some(holdsRegex);
}
