import { expect, it } from 'vitest';
import { isListed } from './address-list.js';

it.each([
  ['203.0.113.7', ['203.0.113.0/24'], true],
  ['203.0.114.7', ['203.0.113.0/24'], false],
  ['::ffff:203.0.113.7', ['203.0.113.0/24'], true],
  ['203.0.113.7', ['203.0.113.8', '203.0.113.7'], true],
  ['2001:db8::1', ['2001:db8::/32'], true],
  ['2001:db9::1', ['2001:db8::/32', '0.0.0.0/0'], false],
  ['', ['0.0.0.0/0', '::/0'], false],
  ['nonsense', ['0.0.0.0/0'], false],
  ['203.0.113.7', [], false],
])('%s in %j: %s', (address, cidrs, expected) => {
  expect(isListed(address, cidrs)).toBe(expected);
});
