import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findUnstorable } from './storable.js';

describe('findUnstorable', () => {
  it('names the place of a NUL and of half a surrogate pair, in values and in names', () => {
    expect(findUnstorable({ a: ['x', 'y\0'] })).toMatchObject({ path: 'a.1' });
    expect(findUnstorable({ a: { b: '\ud800' } })).toMatchObject({ path: 'a.b' });
    expect(findUnstorable({ a: { 'b\0': 1 } })).toMatchObject({ path: 'a' });
    expect(findUnstorable('\0')).toMatchObject({ path: '' });
  });

  it('refuses what is nested too deep without falling over it', () => {
    const deep = (levels: number) => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
    expect(findUnstorable(deep(100_000))).toMatchObject({ message: expect.stringContaining('deep') });
    expect(findUnstorable(deep(150))).toBeNull();
  });

  it('lets every other JSON pass', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ stringUnit: 'binary-ascii' }),
        (value) => JSON.stringify(value).includes('\\u0000') || findUnstorable(value) === null,
      ),
    );
  });
});
