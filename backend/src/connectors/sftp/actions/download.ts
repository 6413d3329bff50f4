import { z } from 'zod';
import { ask } from '../ask.js';
import { pathSchema, sftp } from '../connector.js';
import { encodingSchema } from '../file.js';

export const download = sftp.action({
  title: 'Read a file',
  description: 'Gives the content of one file of up to 10 MiB.',
  scopes: ['files.read'],
  effect: { class: 'natural' },
  method: 'GET',
  path: '/*',
  callFrom: { path: 'path' },
  input: z.strictObject({ path: pathSchema.meta({ title: 'File' }), as: encodingSchema }),
  output: z.object({ content: z.string(), size: z.number() }),
  classes: { path: 'internal', as: 'public' },
  outputClasses: { size: 'public' },
  sample: {
    input: { path: '/in/orders.csv' },
    output: { content: 'number,total\n1017,129.00\n', size: 24 },
  },
  async run({ net }, { path, as }) {
    const { content, size } = await ask(net, { do: 'get', path, as });
    return { content, size };
  },
});
