import { declareConnector } from '@sluice/shared/connector';
import { z } from 'zod';

const origin = 'https://api.twilio.com';

// https://www.twilio.com/docs/usage/twilios-response: {"code": 21211, "message": "...", "status": 400}
const errors = { said: ['message'], code: 'code', codes: { 20003: 'unauthorized', 20429: 'rate-limited' } } as const;

export const twilio = declareConnector({
  id: 'twilio',
  title: 'Twilio',
  description: 'Sends text messages, places calls, and reads what became of them.',
  icon: { name: 'twilio', color: '#F22F46' },
  category: 'chat',
  docs: 'https://www.twilio.com/docs/messaging/api/message-resource',
  setup: [
    'Make a restricted API key in the Twilio console under API keys & tokens, with messaging or voice permissions alone.',
    'Its SID (SK…) is the user name, its secret the password; the account’s own auth token can do everything: don’t use it.',
    'The Account SID (AC…) stands on the console’s first page.',
  ],
  auth: ['basic'],
  credentials: {
    basic: { username: { title: 'API key SID', help: 'Begins with SK.' }, password: { title: 'API key secret' } },
  },
  config: z.strictObject({
    accountSid: z
      .string()
      .regex(/^AC[0-9a-f]{32}$/, 'an Account SID: AC and 32 hexadecimal digits')
      .meta({ title: 'Account SID' }),
  }),
  hosts: ['api.twilio.com'],
  origin,
  errors,
  limits: {
    callsPerSecond: 10,
    burst: 20,
    says: 'So many calls at once as the account is allowed, else 429; messages queue by the sending number’s own rate: twilio.com/docs/usage/rate-limits',
  },
  scopes: {
    'messages.send': { title: 'Send text messages, which cost money', risk: 'money', vendor: [] },
    'messages.read': { title: 'Read sent and received messages', risk: 'bulk', vendor: [] },
    'calls.place': { title: 'Place calls, which cost money', risk: 'money', vendor: [] },
  },
  probe: { path: '/2010-04-01/Accounts/{accountSid}/Messages.json?PageSize=1' },
});
