import { hash as digestOf } from 'node:crypto';
import {
  type BytesGiven,
  bytesGiven,
  bytesWritten,
  ComputeError,
  declareComputation,
  field,
  findMisgiven,
} from '@sluice/shared/connector';
import { z } from 'zod';

export const hash = declareComputation({
  title: 'Hash',
  description:
    'The SHA-2 fingerprint of a text or of bytes. Without a key: whoever can guess the text can check the guess.',
  input: z.strictObject({
    text: field.document('Text', 'Up to 1 MiB.'),
    given: field.choice(bytesGiven, 'Given as', 'Text is hashed as UTF-8.').default('text'),
    algorithm: field.choice(['sha256', 'sha384', 'sha512'], 'Algorithm').default('sha256'),
    as: field.choice(bytesWritten, 'Written as').default('hex'),
  }),
  output: z.object({ digest: z.string() }),
  sample: {
    input: { text: 'abc' },
    output: { digest: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
  },
  compute: ({ text, given, algorithm, as }) => ({ digest: digestOf(algorithm, bytesOf(text, given), as) }),
});

function bytesOf(text: string, given: BytesGiven): string | Buffer {
  if (given === 'text') return text;
  const misgiven = findMisgiven(text, given);
  if (misgiven !== null) throw new ComputeError(`The text is ${misgiven}`);
  return Buffer.from(text, given);
}
