import { declareConnector } from '@sluice/shared/connector';
import { z } from 'zod';

const hosts = { us: 'api.segment.io', eu: 'events.eu1.segmentapis.com' } as const;
const configSchema = z.strictObject({
  region: z.enum(['us', 'eu']).default('us').meta({
    title: 'Region',
    description: 'Where the workspace lies: what is sent to the other one is taken and never shows up.',
  }),
});

export const segment = declareConnector({
  id: 'segment',
  title: 'Segment',
  description: 'Records what people do, who they are and what they belong to.',
  icon: { name: 'chart-dots', color: '#49B881' },
  category: 'analytics',
  docs: 'https://www.twilio.com/docs/segment/connections/sources/catalog/libraries/server/http-api',
  setup: [
    'Add a source of the kind HTTP API for this flow alone, and copy its write key: it can send to that source and read nothing.',
    'Send one event and look for it in the source’s debugger: Segment answers 200 to a wrong key as well.',
  ],
  auth: ['apiKey'],
  credentials: { apiKey: { title: 'Write key', in: 'username', name: 'Authorization' } },
  config: configSchema,
  hosts: ({ region }) => [hosts[region]],
  origin: ({ region }) => `https://${hosts[region]}`,
  errors: { said: ['message', 'code'], okay: 'success' },
  limits: {
    callsPerSecond: 100,
    burst: 500,
    says: '1,000 calls a second and workspace, which all sources share; 429 with Retry-After past it: the reference, Rate limits',
  },
  scopes: {
    'events.write': { title: 'Record events and page views', risk: 'write', vendor: [] },
    'people.write': { title: 'Record what people and groups are like', risk: 'write', vendor: [] },
  },
});
