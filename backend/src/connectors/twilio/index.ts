import { field } from '@sluice/shared/connector';
import { z } from 'zod';
import { twilio } from './connector.js';

const phone = (title: string) =>
  z
    .string()
    .regex(/^(?:whatsapp:)?\+[1-9]\d{6,14}$/, 'a number with its country, such as +14155550100')
    .meta({ title });
const sender = field.text('From', 'A number of the account, or the SID of a messaging service (MG…).').max(64);
const messageSchema = z.object({
  sid: z.string(),
  status: z.string(),
  to: z.string(),
  from: z.string().nullable(),
  body: z.string(),
  error_code: z.int().nullable(),
  date_created: z.string().nullable(),
});
const sampleMessage = {
  sid: 'SM00000000000000000000000000000001',
  status: 'queued',
  to: '+14155550100',
  from: '+14155550199',
  body: 'Your order is on its way.',
  error_code: null,
  date_created: 'Thu, 01 Jan 2026 00:00:00 +0000',
};
const messageClasses = {
  sid: 'internal',
  status: 'internal',
  error_code: 'internal',
  date_created: 'internal',
} as const;

export const connector = twilio.build({
  actions: {
    'messages.send': twilio.call('POST /2010-04-01/Accounts/{accountSid}/Messages.json', {
      title: 'Send a message',
      description: 'A text message, or over WhatsApp. Twilio drops no repeats.',
      scopes: ['messages.send'],
      effect: { class: 'unsafe' },
      as: 'form',
      input: z.strictObject({ to: phone('To'), from: sender, body: field.text('Text').max(1600) }),
      directs: ['to'],
      classes: { from: 'internal' },
      outputClasses: messageClasses,
      body: ({ to, from, body }) => ({
        To: to,
        [/^MG[0-9a-f]{32}$/.test(from) ? 'MessagingServiceSid' : 'From']: from,
        Body: body,
      }),
      output: messageSchema,
      sample: {
        input: { to: '+14155550100', from: '+14155550199', body: 'Your order is on its way.' },
        output: sampleMessage,
      },
    }),
    'messages.get': twilio.call('GET /2010-04-01/Accounts/{accountSid}/Messages/{sid}.json', {
      title: 'Read a message',
      description: 'With what became of it: delivered, undelivered, failed.',
      scopes: ['messages.read'],
      input: z.strictObject({ sid: field.id('Message', 'Its SID: SM… or MM…') }),
      classes: { sid: 'internal' },
      outputClasses: messageClasses,
      output: messageSchema,
      sample: {
        input: { sid: 'SM00000000000000000000000000000001' },
        output: { ...sampleMessage, status: 'delivered' },
      },
    }),
    'messages.list': twilio.list('GET /2010-04-01/Accounts/{accountSid}/Messages.json', {
      title: 'List messages',
      description: 'The newest first.',
      scopes: ['messages.read'],
      input: z.strictObject({
        To: phone('To').optional(),
        From: phone('From').optional(),
        DateSent: field.date('Sent on').optional(),
      }),
      classes: { DateSent: 'internal' },
      pages: { by: 'url', next: 'next_page_uri', size: { parameter: 'PageSize', most: 1000 } },
      items: 'messages',
      item: messageSchema,
      sample: { input: {}, items: [sampleMessage] },
    }),
    'calls.place': twilio.call('POST /2010-04-01/Accounts/{accountSid}/Calls.json', {
      title: 'Place a call',
      description: 'Calls a number and says or plays what the TwiML tells. Twilio drops no repeats.',
      scopes: ['calls.place'],
      effect: { class: 'unsafe' },
      as: 'form',
      input: z.strictObject({
        to: phone('To'),
        from: phone('From'),
        twiml: field.text('TwiML', '<Response><Say>Hello.</Say></Response>').max(4000),
      }),
      directs: ['to'],
      classes: { from: 'internal' },
      body: ({ to, from, twiml }) => ({ To: to, From: from, Twiml: twiml }),
      output: z.object({ sid: z.string(), status: z.string() }),
      outputClasses: { sid: 'internal', status: 'internal' },
      sample: {
        input: { to: '+14155550100', from: '+14155550199', twiml: '<Response><Say>Hello.</Say></Response>' },
        output: { sid: 'CA00000000000000000000000000000001', status: 'queued' },
      },
    }),
  },
  triggers: {},
});
