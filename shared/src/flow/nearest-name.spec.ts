import { describe, expect, it } from 'vitest';
import { nearestName } from './nearest-name.js';

describe('the nearest name', () => {
  it.each([
    ['emial', 'email'],
    ['Email', 'email'],
    ['contact', 'contacts'],
    ['subjet', 'subject'],
    ['zzz', null],
    ['x', null],
    ['', null],
  ])('to %s is %s', (written, expected) => {
    expect(nearestName(written, ['email', 'subject', 'contacts', 'to'])).toBe(expected);
  });
});
