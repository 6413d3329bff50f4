import { expect, it } from 'vitest';
import { fileHolds, holds, needleOf, placesIn } from './holds.js';

const ann = needleOf('Ann@Example.com');

it.each([
  ['ann@example.com', true],
  ['Dear ANN@example.com, hello', true],
  ['<mailto:ann@example.com>', true],
  ['joann@example.com', false],
  ['ann@example.community', false],
  ['joann@example.com, ann@example.com', true],
])('sees the whole value and no other: %s', (text, expected) => {
  expect(holds({ deep: [{ text }] }, ann)).toBe(expected);
});

it('sees numbers, names of fields, and text in another normal form', () => {
  expect(holds({ order: 100_234 }, needleOf('100234'))).toBe(true);
  expect(holds({ order: 1_002_345 }, needleOf('100234'))).toBe(false);
  expect(holds({ 'ann@example.com': true }, ann)).toBe(true);
  expect(holds('Jose\u0301', needleOf('Jos\u00e9'))).toBe(true);
});

it('names the steps, each once however many passes have it', () => {
  const values = [
    { kind: 'event', step: 'hook', attempt: 0, value: { to: 'ann@example.com' } },
    { kind: 'input', step: 'mail[0]', attempt: 1, value: 'ann@example.com' },
    { kind: 'input', step: 'mail[1]', attempt: 1, value: 'ann@example.com' },
    { kind: 'outputs', step: '', attempt: 1, value: { clean: 'ann@example.com', other: 'bob@example.com' } },
  ] as const;
  expect(placesIn(values, ann)).toEqual(['event', 'step mail', 'step clean']);
});

it('sees it in a file where pieces are cut', async () => {
  async function* pieces(...texts: string[]) {
    for (const text of texts) yield Buffer.from(text);
  }
  expect(await fileHolds(pieces('to: an', 'N@exam', 'ple.com, you'), ann)).toBe(true);
  expect(await fileHolds(pieces('to: bob@', 'example.com'), ann)).toBe(false);
});
