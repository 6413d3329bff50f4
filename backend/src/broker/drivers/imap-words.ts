import { ImapGarbled, type ImapResponse } from './imap-reader.js';

/** A value of a response (RFC 9051, 4): text in Latin-1, NIL, or a list. */
export type ImapValue = string | null | readonly ImapValue[];

const mostDepth = 40;

/** What stands in a response behind `from`: `(UID 4 FLAGS (\Seen))`. Throws ImapGarbled. */
export function readValues({ text, literals }: ImapResponse, from: number): ImapValue[] {
  let at = from;
  let taken = 0;

  function list(depth: number): ImapValue[] {
    if (depth > mostDepth) throw new ImapGarbled('lists in lists without an end');
    const values: ImapValue[] = [];
    for (;;) {
      while (text[at] === ' ') at += 1;
      const first = text[at];
      if (first === undefined) {
        if (depth > 0) throw new ImapGarbled('a list without an end');
        return values;
      }
      if (first === ')') {
        if (depth === 0) throw new ImapGarbled('an end of no list');
        at += 1;
        return values;
      }
      values.push(value(first, depth));
    }
  }

  function value(first: string, depth: number): ImapValue {
    if (first === '(') {
      at += 1;
      return list(depth + 1);
    }
    if (first === '\0') {
      at += 1;
      taken += 1;
      return literals[taken - 1]?.toString('latin1') ?? '';
    }
    return first === '"' ? quoted() : atom();
  }

  // By hand: a pattern that looks for the end of each bracket anew would take a hostile line's length squared.
  function quoted(): string {
    let read = '';
    for (let from = at + 1; ; from = at + 2) {
      at = from;
      while (at < text.length && text[at] !== '"' && text[at] !== '\\') at += 1;
      read += text.slice(from, at);
      if (at >= text.length) throw new ImapGarbled('a text without an end');
      if (text[at] === '"') {
        at += 1;
        return read;
      }
      read += text[at + 1] ?? '';
    }
  }

  /** It may hold brackets with more in them, `BODY[HEADER]<0>`. */
  function atom(): string | null {
    const start = at;
    let isInside = false;
    for (; at < text.length; at += 1) {
      const one = text[at] ?? '';
      if (one === '[') isInside = true;
      else if (one === ']') isInside = false;
      else if (!isInside && ' ()"\0'.includes(one)) break;
    }
    const found = text.slice(start, at);
    return found.toUpperCase() === 'NIL' ? null : found;
  }

  return list(0);
}

/** As a quoted text; null for one that only a literal can hold. */
export function quote(text: string): string | null {
  return /^[\x20-\x7e]*$/.test(text) && text.length <= 1000 ? `"${text.replace(/["\\]/g, '\\$&')}"` : null;
}

/** A mailbox's name as it goes over the wire, in modified UTF-7 (RFC 3501, 5.1.3): `Entw&APw-rfe`. */
export function encodeMailbox(name: string): string {
  return name.replace(/&|[^\x20-\x7e]+/g, (part) => {
    if (part === '&') return '&-';
    const digits = Buffer.from(part, 'utf16le').swap16().toString('base64');
    return `&${digits.replace(/=+$/, '').replaceAll('/', ',')}-`;
  });
}
