import { z } from 'zod';
import { ask } from '../ask.js';
import { pathSchema, sftp } from '../connector.js';

export const move = sftp.action({
  title: 'Move a file',
  description: 'Moves or renames one file within the directory.',
  scopes: ['files.write'],
  effect: { class: 'checkable' },
  method: 'MOVE',
  path: '/*',
  directs: ['to'],
  input: z.strictObject({
    from: pathSchema.meta({ title: 'From' }),
    to: pathSchema.meta({ title: 'To' }),
    replace: z
      .boolean()
      .default(false)
      .meta({ title: 'Replace', description: 'On: a file that is there is replaced.' }),
  }),
  output: z.object({ from: z.string(), to: z.string() }),
  classes: { from: 'internal', to: 'internal', replace: 'public' },
  sample: {
    input: { from: '/in/orders.csv', to: '/done/orders.csv' },
    output: { from: '/in/orders.csv', to: '/done/orders.csv' },
  },
  async run({ net }, { from, to, replace }) {
    await ask(net, { do: 'move', path: from, to, replace });
    return { from, to };
  },
  async find({ net }, { from, to }) {
    const left = await ask(net, { do: 'stat', path: from });
    const arrived = await ask(net, { do: 'stat', path: to });
    return left.file === null && arrived.file !== null ? { from, to } : null;
  },
});
