import { reply, type ServiceDouble, standIn } from '@sluice/shared/connector';

/** One channel a credential. Answers are words, as Slack's are. */
export function slackWebhookDouble(): ServiceDouble {
  const said = (status: number, body: string) => reply(status, body, { 'content-type': 'text/html' });
  return standIn({
    host: 'hooks.slack.com',
    credential: (n) => ({
      kind: 'secretUrl',
      url: `https://hooks.slack.com/services/TDOUBLE01/BDOUBLE${n}/doubleSecret${String(n).padStart(12, '0')}`,
    }),
    problem: (what) => what,
    statuses: { unauthorized: 403 },
    routes: {
      'POST /services/{team}/{app}/{secret}': {
        scope: 'incoming-webhook',
        answer({ json, effect }) {
          if (typeof json.text !== 'string') return said(400, 'no_text');
          effect(`posted ${json.text}`);
          return said(200, 'ok');
        },
      },
    },
  });
}
