import { expect, it } from 'vitest';
import { bearerOf } from './bearer.js';

it.each([
  [undefined, null],
  ['Basic YWRhOng=', null],
  ['Bearer slc_abc', 'slc_abc'],
  ['bearer   slc_abc ', 'slc_abc'],
  ['Bearer', ''],
  ['Bearer ', ''],
  ['Bearerslc_abc', null],
])('%s: %s', (authorization, expected) => {
  expect(bearerOf({ headers: authorization === undefined ? {} : { authorization } })).toBe(expected);
});
