import { bytesGiven, bytesWritten, field, hmacAlgorithms } from '@sluice/shared/connector';
import { z } from 'zod';
import { hmac } from './connector.js';

/** RFC 4231, test case 1. */
const published = 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7';

export const sign = hmac.action({
  title: 'Sign',
  description: 'The HMAC of a text or of bytes, made where the key is. The same each time.',
  scopes: ['hmac.sign'],
  effect: { class: 'natural' },
  method: 'SIGN',
  path: '/hmac',
  input: z.strictObject({
    text: field.document('Text', 'Up to 1 MiB, exactly as the other side signs it.'),
    given: field.choice(bytesGiven, 'Given as', 'Text is signed as UTF-8.').default('text'),
    algorithm: field.choice(hmacAlgorithms, 'Algorithm').default('sha256'),
    as: field.choice(bytesWritten, 'Written as').default('hex'),
  }),
  output: z.object({ signature: z.string() }),
  classes: { text: 'personal', given: 'public', algorithm: 'public', as: 'public' },
  // Who knows the key can check a guess of the text.
  outputClasses: { signature: 'internal' },
  replyFields: ['signature'],
  sample: { input: { text: 'Hi There' }, output: { signature: published } },
  run: (step, input) => step.net.sign(input),
});
