import { declareConnector } from '@sluice/shared/connector';
import { z } from 'zod';

const hostPattern = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

/** `host` means port 443; another port is named. */
const allowedHostSchema = z
  .string()
  .regex(hostPattern, 'a host such as api.example.com, or host:port; no https://, path or wildcard')
  .transform((host) => host.toLowerCase().replace(/:443$/, ''));

/** The connection's settings. */
export const configSchema = z.strictObject({
  allowedHosts: z.array(allowedHostSchema).min(1).max(50).meta({
    title: 'Allowed hosts',
    description: 'The only hosts that may be called: host, or host:port where the port is not 443.',
  }),
  honoursIdempotencyKey: z.boolean().default(false).meta({
    title: 'Honours Idempotency-Key',
    description:
      'Turn on only if the service promises to drop a POST or PATCH that repeats the Idempotency-Key header.',
  }),
});

export const http = declareConnector({
  id: 'http',
  title: 'HTTP request',
  description: 'Calls any web API at the hosts that the connection names.',
  icon: { name: 'world-www', color: '#3B5BDB' },
  auth: ['none', 'bearer', 'basic', 'apiKey', 'oauth2'],
  oauth: { grants: ['clientCredentials', 'authorizationCode'], server: 'connection' },
  config: configSchema,
  hosts: hostsOf,
  // Its hosts are named by the connection, and approved one by one: it may be a company's own ledger or ward.
  receives: ['public', 'internal', 'personal', 'payment', 'health'],
  scopes: { 'requests.send': { title: 'Send any request to the allowed hosts', risk: 'write', vendor: [] } },
});

export function hostsOf(config: z.output<typeof configSchema>): readonly string[] {
  return config.allowedHosts;
}
