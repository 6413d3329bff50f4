import { expect, it } from 'vitest';
import { newId } from './ids.js';

it('makes ids that grow and never come twice, however many a millisecond', () => {
  const ids = Array.from({ length: 200_000 }, () => newId('entry'));
  expect(ids.every((id) => /^ent_[0-9a-f]{36}$/.test(id))).toBe(true);
  // Without their random ends, so that only time and number count.
  const places = ids.map((id) => id.slice(0, 20));
  expect(places.every((place, i) => i === 0 || place > (places[i - 1] ?? ''))).toBe(true);
});
