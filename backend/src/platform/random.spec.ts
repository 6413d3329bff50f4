import { expect, it } from 'vitest';
import { randomPart } from './random.js';

it('gives each part once, across the end of its pool and beyond its size', () => {
  const parts = Array.from({ length: 5000 }, (_, i) => randomPart(12 + (i % 21)));
  expect(parts.map(({ length }, i) => length - (i % 21))).toEqual(Array(5000).fill(12));
  expect(new Set(parts.map((part) => part.toString('hex', 0, 12))).size).toBe(5000);
  const large = randomPart(40_000);
  expect(large).toHaveLength(40_000);
  expect(new Set([0, 1, 2, 3].map((at) => large.toString('hex', at * 10_000, at * 10_000 + 12))).size).toBe(4);
});

it('hands over bytes that nobody else holds', () => {
  const first = randomPart(32);
  const kept = first.toString('hex');
  const second = randomPart(32);
  second.fill(0);
  expect(first.toString('hex')).toBe(kept);
});
