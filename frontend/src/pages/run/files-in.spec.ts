import { expect, it } from 'vitest';
import { filesIn } from './files-in.js';

const file = `fil_${'0'.repeat(52)}`;

it('finds the files that a value names, each once, and nothing that only looks like one', () => {
  const handle = { file, name: 'Xyz.pdf', type: 'application/pdf', bytes: 12, sha256: 'stand-in' };
  const value = { body: { attached: [handle, handle], file: 'a name', type: 'x', bytes: 1 }, status: 200 };
  expect(filesIn(value)).toEqual([{ file, type: 'application/pdf', bytes: 12 }]);
  expect(filesIn({ ...handle, file: 'fil_1' })).toEqual([]);
  expect(filesIn('fil_')).toEqual([]);
});
