import { expect, it } from 'vitest';
import { liftOf } from './lift-rule.js';

const free = { liftAskedBy: null, liftAskedAt: null };
const asked = { liftAskedBy: 'mbr_ada', liftAskedAt: new Date(0) };
const at = { member: 'mbr_ada', takesTwo: true, others: 1, soloDelaySeconds: 900, now: 899_999 };

it('lets one person lift a stop that holds nothing where approvals are asked', () => {
  expect(liftOf(free, { ...at, takesTwo: false })).toBe('lifts');
});

it('has the first person ask and another one lift', () => {
  expect(liftOf(free, at)).toBe('asks');
  expect(liftOf(asked, { ...at, member: 'mbr_grace' })).toBe('lifts');
  expect(() => liftOf(asked, at)).toThrow('somebody else has to confirm');
});

it('lets a single person confirm after the delay', () => {
  expect(() => liftOf(asked, { ...at, others: 0 })).toThrow('from 1970-01-01T00:15:00.000Z');
  expect(liftOf(asked, { ...at, others: 0, now: 900_000 })).toBe('lifts');
});
