import { declareConnector } from '@sluice/shared/connector';
import { z } from 'zod';
import { ask } from './ask.js';

/** `/in/orders.csv`: no `..`, no backslash, no control character. */
export const pathSchema = z
  .string()
  .max(1000)
  .regex(
    /^\/(?:(?!\.{1,2}(?:\/|$))[^/\\\p{Cc}\p{Zl}\p{Zp}]+(?:\/(?!$)|$))*$/u,
    'a path that begins with / and holds no .., backslash or line break',
  );

const configSchema = z
  .strictObject({
    host: z
      .string()
      .regex(
        /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])$/,
        'a host name or address, without a port',
      )
      .meta({ title: 'Host' }),
    port: z.int().min(1).max(65535).default(22).meta({ title: 'Port' }),
    directory: pathSchema.meta({
      title: 'Directory',
      description: 'The only directory that flows see, such as /incoming. Their paths begin there.',
    }),
    hostKey: z
      .string()
      .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'a fingerprint as ssh-keygen -l prints it: SHA256: and 43 characters')
      .optional()
      .meta({
        title: 'Host key',
        description: 'The fingerprint, if you know it. Otherwise the server is asked, and you compare and approve it.',
      }),
  })
  .transform((config) => ({ ...config, host: config.host.toLowerCase() }));

export const sftp = declareConnector({
  id: 'sftp',
  title: 'SFTP',
  description: 'Reads and writes files in one directory of a server, with a key that is made here.',
  icon: { name: 'folder', color: '#5F3DC4' },
  auth: ['sshKey'],
  config: configSchema,
  hosts: ({ host, port }) => [port === 443 ? host : `${host}:${port}`],
  scopes: {
    'files.read': { title: 'List and read files in the directory', risk: 'read', vendor: [] },
    'files.write': { title: 'Write, replace and move files in the directory', risk: 'write', vendor: [] },
    'files.delete': { title: 'Delete files in the directory', risk: 'delete', vendor: [] },
  },
  // One directory, of a server that was approved by its key.
  receives: ['public', 'internal', 'personal', 'payment', 'health'],
  async test({ net }) {
    await ask(net, { do: 'list', path: '/' });
  },
});
