import { z } from 'zod';
import { ask } from '../ask.js';
import { pathSchema, sftp } from '../connector.js';
import { encodingSchema } from '../file.js';

export const upload = sftp.action({
  title: 'Write a file',
  description: 'Writes one file of up to 10 MiB beside its place and moves it there when it is whole.',
  scopes: ['files.write'],
  // Replacing lands on the same file; one that must be new can't tell its own from another's.
  effect: ({ replace }) => (replace ? { class: 'natural' } : { class: 'unsafe' }),
  method: 'PUT',
  path: '/*',
  callFrom: { path: 'path' },
  directs: ['path'],
  input: z.strictObject({
    path: pathSchema.meta({ title: 'File' }),
    content: z.string().meta({ title: 'Content' }),
    as: encodingSchema,
    replace: z
      .boolean()
      .default(true)
      .meta({ title: 'Replace', description: 'Off: a file that is there already is left alone, and the step fails.' }),
  }),
  output: z.object({ path: z.string(), size: z.number() }),
  classes: { path: 'internal', content: 'personal', as: 'public', replace: 'public' },
  outputClasses: { size: 'public' },
  sample: {
    input: { path: '/out/receipt.txt', content: 'You paid 129.00 EUR' },
    output: { path: '/out/receipt.txt', size: 19 },
  },
  async run({ net }, { path, content, as, replace }) {
    const { size } = await ask(net, { do: 'put', path, content, as, replace });
    return { path, size };
  },
});
