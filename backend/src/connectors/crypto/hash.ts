import { hash as digestOf } from 'node:crypto';
import { ComputeError, declareComputation, field } from '@sluice/shared/connector';
import { z } from 'zod';

const bytesIn = {
  hex: { pattern: /^(?:[0-9a-f]{2})*$/i, means: 'pairs of 0 to 9 and a to f' },
  base64: {
    pattern: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
    means: 'letters, digits, + and /, and = at the end',
  },
} as const;

export const hash = declareComputation({
  title: 'Hash',
  description:
    'The SHA-2 fingerprint of a text or of bytes. Without a key: whoever can guess the text can check the guess.',
  input: z.strictObject({
    text: field.document('Text', 'Up to 1 MiB.'),
    given: field.choice(['text', 'hex', 'base64'], 'Given as', 'Text is hashed as UTF-8.').default('text'),
    algorithm: field.choice(['sha256', 'sha384', 'sha512'], 'Algorithm').default('sha256'),
    as: field.choice(['hex', 'base64', 'base64url'], 'Written as').default('hex'),
  }),
  output: z.object({ digest: z.string() }),
  sample: {
    input: { text: 'abc' },
    output: { digest: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
  },
  compute: ({ text, given, algorithm, as }) => ({ digest: digestOf(algorithm, bytesOf(text, given), as) }),
});

function bytesOf(text: string, given: 'text' | 'hex' | 'base64'): string | Buffer {
  if (given === 'text') return text;
  const { pattern, means } = bytesIn[given];
  if (!pattern.test(text)) throw new ComputeError(`The text is not ${given}: ${means}, and nothing else.`);
  return Buffer.from(text, given);
}
