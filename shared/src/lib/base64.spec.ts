import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBase64, toBase64 } from './base64.js';

test('writes what Node writes, and reads it back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
      const text = Buffer.from(bytes).toString('base64');
      expect(toBase64(bytes)).toBe(text);
      expect(fromBase64(text)).toEqual(bytes);
    }),
  );
});

test.each(['=', 'A', 'AA=A', 'AA', 'AB==', 'AAB=', 'AA==AAAA', 'A-_A', ' AAA', 'AAAA\n', '====', 'AA A'])(
  'reads nothing from %j',
  (text) => {
    expect(fromBase64(text)).toBeUndefined();
  },
);
