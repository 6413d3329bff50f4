import { ComputeError } from '@sluice/shared/connector';
import { mostDepth } from './read-xml.js';

/** What a value of a run may be; told while writing, since a name is written for each entry of its list. */
const mostCharacters = 1_048_576;

// XML 1.0 (fifth edition), productions 4 and 4a.
const nameStart =
  ':A-Z_a-z\\u{C0}-\\u{D6}\\u{D8}-\\u{F6}\\u{F8}-\\u{2FF}\\u{370}-\\u{37D}\\u{37F}-\\u{1FFF}\\u{200C}-\\u{200D}\\u{2070}-\\u{218F}\\u{2C00}-\\u{2FEF}\\u{3001}-\\u{D7FF}\\u{F900}-\\u{FDCF}\\u{FDF0}-\\u{FFFD}\\u{10000}-\\u{EFFFF}';
const namePattern = new RegExp(
  `^[${nameStart}][${nameStart}\\-.0-9\\u{B7}\\u{300}-\\u{36F}\\u{203F}-\\u{2040}]*$`,
  'u',
);
// Production 2: what may stand in a document at all.
const noCharacter = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Writes what `readXml` gives. Throws ComputeError for names and values that XML can't hold. */
export function writeXml(
  value: Readonly<Record<string, unknown>>,
  { indent, declaration }: { indent: boolean; declaration: boolean },
): string {
  const [root, ...others] = Object.entries(value);
  if (root === undefined || others.length > 0 || Array.isArray(root[1])) {
    throw new ComputeError('A document has one root element: give a record with one name in it, and no list.');
  }
  const writer = new Writer(indent);
  if (declaration) writer.put(`<?xml version="1.0" encoding="UTF-8"?>${indent ? '\n' : ''}`);
  writer.element(root[0], root[1], 0);
  return writer.text();
}

class Writer {
  readonly #parts: string[] = [];
  readonly #indent: boolean;
  #size = 0;

  constructor(indent: boolean) {
    this.#indent = indent;
  }

  text(): string {
    return this.#parts.join('');
  }

  put(part: string): void {
    this.#size += part.length;
    if (this.#size > mostCharacters) throw new ComputeError('The document is larger than 1 MiB: write it in parts.');
    this.#parts.push(part);
  }

  element(name: string, value: unknown, depth: number): void {
    if (depth >= mostDepth) throw new ComputeError(`The value is nested deeper than ${mostDepth} elements.`);
    if (depth > 0) this.#line(depth);
    this.put(`<${named(name)}`);
    if (!isRecord(value)) return this.#close(name, textOf(name, value));
    const members = Object.entries(value);
    for (const [key, given] of members)
      if (key.startsWith('@')) this.put(` ${named(key.slice(1))}="${escaped(textOf(key, given), /[&<"\t\n\r]/g)}"`);
    const text = Object.hasOwn(value, '#text') ? textOf(name, value['#text']) : '';
    const inside = members.filter(([key]) => key !== '#text' && !key.startsWith('@'));
    if (inside.length === 0) return this.#close(name, text);
    this.put(`>${escaped(text, /[&<>\r]/g)}`);
    for (const [key, given] of inside)
      for (const one of Array.isArray(given) ? given : [given]) this.element(key, one, depth + 1);
    this.#line(depth);
    this.put(`</${name}>`);
  }

  #close(name: string, text: string): void {
    this.put(text === '' ? '/>' : `>${escaped(text, /[&<>\r]/g)}</${name}>`);
  }

  #line(depth: number): void {
    if (this.#indent) this.put(`\n${'  '.repeat(depth)}`);
  }
}

function named(name: string): string {
  if (namePattern.test(name)) return name;
  throw new ComputeError(
    `${JSON.stringify(name.slice(0, 60))} can't be the name of an element or attribute: begin with a letter, and use letters, digits, - _ . and :.`,
  );
}

function textOf(name: string, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'object') {
    throw new ComputeError(`${name} holds a list or a record where XML has text: give a text or a number.`);
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function escaped(text: string, special: RegExp): string {
  if (noCharacter.test(text)) {
    throw new ComputeError('A text holds a character that XML can not: a control character, or half of a pair.');
  }
  return text.replaceAll(special, (char) => references[char] ?? char);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
