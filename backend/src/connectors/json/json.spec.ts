import { ComputeError } from '@sluice/shared/connector';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findMistake } from './find-mistake.js';
import { parse } from './parse.js';
import { write } from './write.js';

const read = (text: string) => parse.compute(parse.input.parse({ text })).value;
const written = (value: unknown, indent = false) => write.compute(write.input.parse({ value, indent })).text;

it('what is written is read again as it was', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), fc.boolean(), (value, indent) => {
      expect(JSON.stringify(read(written(value, indent)))).toBe(JSON.stringify(value));
    }),
  );
});

it('finds a mistake in every text that is no JSON, and in no other', () => {
  const broken = fc
    .tuple(fc.json({ maxDepth: 3 }), fc.nat(), fc.constantFrom('', ',', '"', '}', ']', '1', 'x', '\\', '\n', '0'))
    .map(([text, at, put]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + put + text.slice(place + (put === '' ? 1 : 0));
    });
  fc.assert(
    fc.property(broken, (text) => {
      let isJson = true;
      try {
        JSON.parse(text);
      } catch {
        isJson = false;
      }
      expect(findMistake(text) === null).toBe(isJson);
    }),
    { numRuns: 2000 },
  );
});

it.each([
  ['{"a": 1,\n "b" 2}', 'Line 2, column 6 is not JSON: a colon was expected.'],
  ['{"a": 1,}', 'Line 1, column 9 is not JSON: a name in double quotes was expected.'],
  ["{'a': 1}", 'Line 1, column 2 is not JSON: a name in double quotes or } was expected.'],
  ['[1, 2', 'Line 1, column 6 is not JSON: a comma or ] was expected.'],
  ['[01]', 'Line 1, column 2 is not JSON: a value or ] was expected.'],
  ['secret words', 'Line 1, column 1 is not JSON: a value was expected.'],
  ['', 'Line 1, column 1 is not JSON: a value was expected.'],
  ['{} {}', 'Line 1, column 4 is not JSON: nothing more was expected.'],
  ['['.repeat(201), 'The JSON is nested deeper than 200 levels.'],
])('says where it is wrong, and quotes nothing of it: %#', (text, message) => {
  expect(() => read(text)).toThrow(new ComputeError(message));
});

it('takes a byte order mark, and __proto__ for data', () => {
  const value = read('\uFEFF{"__proto__": {"admin": true}}');
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect(written(value)).toBe('{"__proto__":{"admin":true}}');
});

it('reads and refuses texts of 1 MiB in a fraction of a second', () => {
  const texts = [
    `[${'1,'.repeat(500_000)}1]`,
    `[${'1,'.repeat(500_000)}]`,
    `"${'\\n'.repeat(500_000)}`,
    '{"a":'.repeat(199),
  ];
  for (const text of texts) {
    const begin = process.cpuUsage();
    try {
      read(text);
    } catch (error) {
      expect(error).toBeInstanceOf(ComputeError);
    }
    // Of our own time: others may be at work on the machine.
    expect(process.cpuUsage(begin).user).toBeLessThan(500_000);
  }
});

it('indents nothing that would grow beyond what a run carries', () => {
  let value: unknown = Array.from({ length: 50_000 }, () => 1);
  for (let depth = 0; depth < 100; depth += 1) value = [value];
  expect(() => written(value, true)).toThrow('write it without indentation');
});
