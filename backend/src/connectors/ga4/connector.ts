import { declareConnector } from '@sluice/shared/connector';
import { z } from 'zod';

const hosts = { global: 'www.google-analytics.com', eu: 'region1.google-analytics.com' } as const;
export const configSchema = z.strictObject({
  measurementId: z
    .string()
    .regex(/^G-[A-Z0-9]{4,20}$/, 'a measurement id such as G-AB12CD34EF')
    .meta({ title: 'Measurement ID', description: 'Of the web stream: Admin, Data streams. G-AB12CD34EF' }),
  region: z
    .enum(['global', 'eu'])
    .default('global')
    .meta({ title: 'Collected', description: 'eu: by servers in the European Union.' }),
});

/** Where a call of the protocol goes; the broker adds the API secret. */
export function addressOf({ region, measurementId }: z.output<typeof configSchema>, path: string): string {
  return `https://${hosts[region]}${path}?measurement_id=${measurementId}`;
}

export const ga4 = declareConnector({
  id: 'ga4',
  title: 'Google Analytics 4',
  description: 'Records events of one web stream by the Measurement Protocol.',
  icon: { name: 'chart-bar', color: '#E37400' },
  category: 'analytics',
  docs: 'https://developers.google.com/analytics/devguides/collection/protocol/ga4/reference',
  setup: [
    'Make an API secret for this flow under Admin, Data streams, the stream, Measurement Protocol API secrets: it can send events and read nothing.',
    'Check an event with “Validate an event”, then look for a sent one in the Realtime report: Google answers 204 to a wrong secret as well.',
  ],
  auth: ['apiKey'],
  credentials: { apiKey: { title: 'API secret', in: 'query', name: 'api_secret' } },
  config: configSchema,
  hosts: ({ region }) => [hosts[region]],
  scopes: {
    'events.write': { title: 'Record events', risk: 'write', vendor: [] },
    'events.validate': { title: 'Have events checked without recording them', risk: 'read', vendor: [] },
  },
});
