import { declareConnector, mailAccountSchema } from '@sluice/shared/connector';
import { z } from 'zod';
import { ask } from './ask.js';

/** The standard's ports (RFC 8314): TLS from the first byte, and STARTTLS. */
const [tlsPort, starttlsPort] = [993, 143];

const configSchema = z
  .strictObject({
    host: z
      .string()
      .regex(
        /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])$/,
        'a host name or address, without a port',
      )
      .meta({ title: 'Host', description: 'Your mail provider names it: imap.example.com.' }),
    port: z.int().min(1).max(65535).default(tlsPort).meta({ title: 'Port' }),
    tls: z.enum(['required', 'starttls']).optional().meta({
      title: 'Encryption',
      description:
        'required: TLS from the first byte (port 993). starttls: refused unless the server offers STARTTLS (port 143). Without a choice the port decides.',
    }),
    username: mailAccountSchema.optional(),
  })
  .transform(({ tls, ...rest }) => ({
    ...rest,
    host: rest.host.toLowerCase(),
    tls: tls ?? (rest.port === starttlsPort ? ('starttls' as const) : ('required' as const)),
  }));

export const imap = declareConnector({
  id: 'imap',
  title: 'E-mail (IMAP)',
  description: 'Reads the mails of one account, and marks and moves them.',
  icon: { name: 'mail', color: '#0B7285' },
  category: 'mail',
  setup: [
    'Ask your mail provider for the name of its IMAP server, and switch IMAP on for the account if it asks for that.',
    'Make an app password for Sluice where the provider has them: it is revoked alone, and works where sign-in takes two steps.',
    'With OAuth (Microsoft 365, Gmail): register an application with the provider; endpoints and scopes are in this connector’s README.',
    'Take an account of its own for what flows read, so that nothing else can be read with it.',
  ],
  auth: ['basic', 'oauth2'],
  oauth: { grants: ['authorizationCode', 'clientCredentials'], server: 'connection', account: 'username' },
  credentials: {
    basic: {
      username: { title: 'User name', help: 'Mostly the whole mail address.' },
      password: { title: 'Password', help: 'An app password, where the provider has them.' },
    },
  },
  config: configSchema,
  hosts: ({ host, port }) => [port === 443 ? host : `${host}:${port}`],
  scopes: {
    'mail.read': { title: 'Find and read mails', risk: 'read', vendor: [] },
    'mail.write': { title: 'Mark mails and move them between mailboxes', risk: 'write', vendor: [] },
  },
  async test({ net }) {
    await ask(net, {
      do: 'read',
      mailbox: 'INBOX',
      after: 0,
      uidValidity: null,
      isUnread: false,
      most: 0,
    });
  },
});
