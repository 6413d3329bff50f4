import { z } from 'zod';
import { ask } from '../ask.js';
import { pathSchema, sftp } from '../connector.js';

export const remove = sftp.action({
  title: 'Delete a file',
  description: 'Deletes one file; that it is gone already is no failure.',
  scopes: ['files.delete'],
  effect: { class: 'natural' },
  method: 'DELETE',
  path: '/*',
  callFrom: { path: 'path' },
  directs: ['path'],
  input: z.strictObject({ path: pathSchema.meta({ title: 'File' }) }),
  output: z.object({ wasThere: z.boolean() }),
  classes: { path: 'internal' },
  outputClasses: { wasThere: 'public' },
  sample: { input: { path: '/in/orders.csv' }, output: { wasThere: true } },
  async run({ net }, { path }) {
    const { wasThere } = await ask(net, { do: 'delete', path });
    return { wasThere };
  },
});
