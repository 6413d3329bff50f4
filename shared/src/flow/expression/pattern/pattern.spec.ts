import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Budget } from '../budget.js';
import { ExpressionError } from '../problem.js';
import { compileRegex } from './matcher.js';

/** Random patterns, compared with JavaScript's own regular expressions. */
const atom = fc.constantFrom(
  'a',
  'b',
  'X',
  '.',
  '\\d',
  '\\w',
  '\\s',
  '\\S',
  '\\W',
  '\\b',
  '^',
  '$',
  '[ab]',
  '[^a]',
  '[a-c]',
  '[\\w-]',
  '[^\\s]',
  '\\.',
  '\\/',
  '-',
  '\\u0061',
  '\\x20',
  '\\n',
  '[\\d.]',
  '{',
  'é',
  '\u2028',
  '1',
);
const quantifier = fc.constantFrom('', '', '', '*', '+', '?', '*?', '+?', '??', '{2}', '{1,2}', '{1,}', '{0,1}?');
const { pattern } = fc.letrec<{ pattern: string; piece: string; sequence: string }>((tie) => ({
  piece: fc.oneof(
    { maxDepth: 3 },
    { weight: 5, arbitrary: atom },
    tie('pattern').map((inner) => `(${inner})`),
    tie('pattern').map((inner) => `(?:${inner})`),
  ),
  sequence: fc
    .array(
      fc.tuple(tie('piece'), quantifier).map((parts) => parts.join('')),
      { minLength: 1, maxLength: 4 },
    )
    .map((parts) => parts.join('')),
  pattern: fc.oneof(
    { weight: 3, arbitrary: tie('sequence') },
    fc.tuple(tie('sequence'), tie('sequence')).map((parts) => parts.join('|')),
  ),
}));
const subject = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      'c',
      'A',
      'x',
      'X',
      '1',
      '2',
      ' ',
      '.',
      '-',
      '/',
      '\n',
      '\r',
      '\u2028',
      '\u00a0',
      'é',
      '😀',
      '_',
      '{',
    ),
    { maxLength: 10 },
  )
  .map((parts) => parts.join(''));

interface Found {
  readonly text: string;
  readonly start: number;
  readonly groups: readonly (string | undefined)[];
}

/** Up to the first empty match, where JSONata stops with an error. */
function theirs(source: string, flags: string, text: string): Found[] {
  const found = [...text.matchAll(new RegExp(source, `${flags}g`))].map((match) => ({
    text: match[0],
    start: match.index,
    groups: match.slice(1),
  }));
  const empty = found.findIndex(({ text: match }) => match === '');
  return empty === -1 ? found : found.slice(0, empty);
}

function ours(source: string, flags: string, text: string): Found[] | null {
  const found: Found[] = [];
  try {
    const findAll = compileRegex({ kind: 'regex', position: 0, source, flags });
    for (const { text: match, start, groups } of findAll(text, new Budget())) {
      if (match === '') break;
      found.push({ text: match, start, groups });
    }
    return found;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return error.code === 'D1004' ? found : null;
  }
}

function isPattern(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}

describe('regular expressions', () => {
  it('find what JavaScript finds, or are refused', () => {
    let compared = 0;
    fc.assert(
      fc.property(pattern.filter(isPattern), fc.constantFrom('', 'i'), subject, (source, flags, text) => {
        const mine = ours(source, flags, text);
        if (mine === null) return;
        compared += 1;
        expect({ source, flags, text, found: mine }).toEqual({
          source,
          flags,
          text,
          found: theirs(source, flags, text),
        });
      }),
      { numRuns: Number(process.env.RUNS ?? 3000) },
    );
    expect(compared).toBeGreaterThan(500);
  });

  it.each([
    '(?=a)',
    '(?<!a)b',
    '(a)\\1',
    '(?<name>a)',
    '(a|(b))*',
    '(a*)*',
    '[]',
    '[^]',
    'a{2000}',
    '\\p{L}',
    '^a|b$'.replace('^', '\\k'),
  ])('refuses %s', (source) => {
    expect(() => compileRegex({ kind: 'regex', position: 3, source, flags: '' })).toThrow(
      expect.objectContaining({ code: 'expression.regex', position: 3 }),
    );
  });

  it('takes linear time where JavaScript would take years', () => {
    const findAll = compileRegex({
      kind: 'regex',
      position: 0,
      source: '(?:(?:[a-z])+.)+[A-Z](?:[a-z]+)+$',
      flags: '',
    });
    expect([...findAll('a'.repeat(20_000), new Budget())]).toEqual([]);
  });
});
