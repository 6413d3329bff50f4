import { describe, expect, it } from 'vitest';
import { isDatabaseAway } from './is-database-away.js';

function failure(code: string): Error {
  return Object.assign(new Error('failed'), { code });
}

describe('isDatabaseAway', () => {
  it('holds for a server that ends, starts, is full or is gone', () => {
    for (const code of ['57P01', '57P02', '57P03', '53300', '08006', 'ECONNREFUSED', 'ECONNRESET'])
      expect(isDatabaseAway(failure(code)), code).toBe(true);
    expect(isDatabaseAway(new Error('Connection terminated unexpectedly'))).toBe(true);
  });

  it('does not for what is wrong with the query or with us', () => {
    for (const code of ['23505', '42P01', '22P02', '57014']) expect(isDatabaseAway(failure(code)), code).toBe(false);
    expect(isDatabaseAway(new TypeError('x'))).toBe(false);
    expect(isDatabaseAway('ECONNREFUSED')).toBe(false);
  });
});
