import { expect, it } from 'vitest';
import { storageText } from './storage-text.js';

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1 KiB'],
  [1.4 * 1024 ** 2, '1.4 MiB'],
  [10 * 1024 ** 3, '10 GiB'],
  [150.6 * 1024 ** 3, '151 GiB'],
])('writes %i bytes as %s', (bytes, text) => {
  expect(storageText(bytes)).toBe(text);
});
