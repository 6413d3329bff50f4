import { z } from 'zod';
import { ask } from '../ask.js';
import { pathSchema, sftp } from '../connector.js';
import { fileSchema } from '../file.js';

export const list = sftp.action({
  title: 'List a directory',
  description: 'Gives up to 1000 files and directories, sorted by name. Names that no path can hold are counted.',
  scopes: ['files.read'],
  effect: { class: 'natural' },
  method: 'LIST',
  path: '/*',
  callFrom: { path: 'path' },
  input: z.strictObject({ path: pathSchema.default('/').meta({ title: 'Directory' }) }),
  output: z.object({ files: z.array(fileSchema), skipped: z.number(), isCut: z.boolean() }),
  classes: { path: 'internal' },
  sample: {
    input: { path: '/in' },
    output: {
      files: [
        { name: 'orders.csv', path: '/in/orders.csv', kind: 'file', size: 24, modifiedAt: '2026-01-05T08:00:00.000Z' },
      ],
      skipped: 0,
      isCut: false,
    },
  },
  async run({ net }, { path }) {
    const { files, skipped, isCut } = await ask(net, { do: 'list', path });
    return { files: [...files], skipped, isCut };
  },
});
