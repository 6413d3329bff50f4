import { describe, expect, it } from 'vitest';
import { newRecoveryCodes, oneTimeHash } from './one-time.js';

describe('recovery codes', () => {
  it('are ten, all different, and easy to read from paper', () => {
    const codes = newRecoveryCodes();

    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^[a-hj-km-np-z2-9]{5}-[a-hj-km-np-z2-9]{5}$/);
  });

  it('are known however they are typed', () => {
    const [code = ''] = newRecoveryCodes();

    expect(oneTimeHash(` ${code.toUpperCase().replace('-', '')} `)).toBe(oneTimeHash(code));
  });
});
