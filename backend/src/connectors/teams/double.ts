import { reply, type ServiceDouble, standIn } from '@sluice/shared/connector';

const host = 'prod-12.westeurope.logic.azure.com';

/** One workflow a credential, each of which posts Adaptive Cards to its channel. */
export function teamsDouble(): ServiceDouble {
  return standIn({
    host,
    credential: (n) => ({
      kind: 'secretUrl',
      url: `https://${host}/workflows/double${String(n).padStart(26, '0')}/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=double_signature_${String(n).padStart(20, '0')}`,
    }),
    problem: (what) => ({ error: { code: what, message: `Refused: ${what}` } }),
    routes: {
      'POST /workflows/{workflow}/triggers/manual/paths/invoke': {
        answer({ json, effect }) {
          const [first] = Array.isArray(json.attachments) ? json.attachments : [];
          const { contentType, content } = first ?? {};
          if (json.type !== 'message' || contentType !== 'application/vnd.microsoft.card.adaptive')
            return reply(400, { error: { code: 'TriggerInputSchemaMismatch', message: 'No message with a card.' } });
          effect(`posted ${JSON.stringify(content?.body)}`);
          return reply(202, null);
        },
      },
    },
  });
}
