import { expect, it } from 'vitest';
import { hash } from './hash.js';

const digest = (input: object) => hash.compute(hash.input.parse(input)).digest;

/** NIST's examples for SHA-2: the message "abc", and the empty one. */
it.each([
  ['sha256', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ['sha384', 'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7'],
  [
    'sha512',
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  ],
])('hashes the published message with %s', (algorithm, expected) => {
  expect(digest({ text: 'abc', algorithm })).toBe(expected);
  expect(digest({ text: '616263', given: 'hex', algorithm })).toBe(expected);
  expect(digest({ text: 'YWJj', given: 'base64', algorithm, as: 'base64' })).toBe(
    Buffer.from(expected, 'hex').toString('base64'),
  );
});

it('hashes nothing, and UTF-8', () => {
  expect(digest({ text: '' })).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(digest({ text: 'é' })).toBe(digest({ text: 'c3a9', given: 'hex' }));
});

it.each([
  ['hex', 'abc'],
  ['hex', 'zz'],
  ['base64', 'YWJj='],
  ['base64', 'YW Jj'],
  ['base64', 'YW-j'],
])('refuses text that is not %s: %s', (given, text) => {
  expect(() => digest({ text, given })).toThrow(`The text is not ${given}`);
});
