import { declareConnector, mailAccountSchema } from '@sluice/shared/connector';
import { z } from 'zod';
import { mailAddressSchema } from './mail-address.js';

const configSchema = z
  .strictObject({
    host: z
      .string()
      .regex(
        /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])$/,
        'a host name or address, without a port',
      )
      .meta({ title: 'Host' }),
    port: z.int().min(1).max(65535).default(587).meta({ title: 'Port' }),
    from: mailAddressSchema.meta({ title: 'From', description: 'The sender of every mail of this connection.' }),
    tls: z
      .union([z.enum(['required', 'starttls', 'none']), z.boolean()])
      .optional()
      .meta({
        title: 'Encryption',
        description:
          'required: TLS from the first byte (port 465). starttls: refused unless the server offers STARTTLS. none: in the clear. Without a choice the port decides.',
      }),
    username: mailAccountSchema.optional(),
  })
  .transform(({ tls, ...rest }) => ({ ...rest, host: rest.host.toLowerCase(), tls: chooseTls(tls, rest.port) }));

export const smtp = declareConnector({
  id: 'smtp',
  title: 'E-mail (SMTP)',
  description: 'Sends mail through your own mail server or provider.',
  icon: { name: 'mail', color: '#0B7285' },
  category: 'mail',
  setup: [
    'Ask your mail provider for the name of its SMTP server, and for an account or a key that can send and nothing else.',
    'With OAuth (Microsoft 365, Gmail): register an application with the provider; endpoints and scopes are in this connector’s README.',
  ],
  auth: ['basic', 'oauth2', 'none'],
  oauth: { grants: ['authorizationCode', 'clientCredentials'], server: 'connection', account: 'username' },
  config: configSchema,
  hosts: (config) => [`${config.host}:${config.port}`],
  scopes: { 'mail.send': { title: 'Send mail to anyone as this sender', risk: 'write', vendor: [] } },
});

function chooseTls(tls: 'required' | 'starttls' | 'none' | boolean | undefined, port: number) {
  if (tls === false) return 'none';
  if (tls === true || tls === undefined) return port === 465 ? 'required' : 'starttls';
  return tls;
}
