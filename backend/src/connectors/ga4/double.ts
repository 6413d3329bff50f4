import { reply, type ServiceDouble, standIn } from '@sluice/shared/connector';

/** The stream G-DOUBLE0001. Unlike Google it refuses a wrong secret: nobody could test with one that takes all. */
export function ga4Double(): ServiceDouble {
  return standIn({
    host: 'www.google-analytics.com',
    credential: (n) => ({
      kind: 'apiKey',
      in: 'query',
      name: 'api_secret',
      value: `double_secret_${String(n).padStart(8, '0')}`,
    }),
    problem: () => null,
    routes: {
      'POST /mp/collect': {
        answer({ json, query, effect }) {
          if (query.get('measurement_id') === 'G-DOUBLE0001')
            for (const event of json.events ?? []) effect(`${event.name} of ${json.client_id}`);
          return reply(204, null);
        },
      },
      'POST /debug/mp/collect': {
        isRead: true,
        answer({ json }) {
          const reserved = ['session_start', 'first_visit', 'ad_click'];
          const messages = (json.events ?? [])
            .filter(({ name }: { name: string }) => reserved.includes(name))
            .map(({ name }: { name: string }) => ({
              fieldPath: 'events',
              description: `Event at index: [0] has name [${name}] which is reserved.`,
              validationCode: 'NAME_RESERVED',
            }));
          return reply(200, { validationMessages: messages });
        },
      },
    },
  });
}
