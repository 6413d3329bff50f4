import { field } from '@sluice/shared/connector';
import { z } from 'zod';
import { sendgrid } from './connector.js';

const addresses = (title: string) => z.array(z.email()).min(1).max(1000).meta({ title });
const envelope = {
  to: addresses('To'),
  cc: addresses('Copies to').optional(),
  bcc: addresses('Blind copies to').optional(),
  from: field.email('From', 'Of a domain that SendGrid knows as yours.'),
  from_name: field.text('From, by name').optional(),
  reply_to: field.email('Answers to').optional(),
};
const sentOutput = z.object({ id: z.string().nullable() });
const sent = { reply: z.unknown(), output: sentOutput, outputClasses: { id: 'internal' } } as const;
const readId = (_: unknown, __: unknown, headers: Readonly<Record<string, string>>) => ({
  id: headers['x-message-id'] ?? null,
});

interface Envelope {
  to: string[];
  cc?: string[] | undefined;
  bcc?: string[] | undefined;
  from: string;
  from_name?: string | undefined;
  reply_to?: string | undefined;
}

function envelopeOf({ to, cc, bcc, from, from_name: name, reply_to: replyTo }: Envelope, data?: object) {
  const list = (all: readonly string[]) => all.map((email) => ({ email }));
  return {
    personalizations: [
      {
        to: list(to),
        ...(cc && { cc: list(cc) }),
        ...(bcc && { bcc: list(bcc) }),
        ...(data && { dynamic_template_data: data }),
      },
    ],
    from: { email: from, ...(name !== undefined && { name }) },
    ...(replyTo !== undefined && { reply_to: { email: replyTo } }),
  };
}

const bounceSchema = z.object({ email: z.string(), reason: z.string(), status: z.string(), created: z.int() });

export const connector = sendgrid.build({
  actions: {
    'mails.send': sendgrid.call('POST /v3/mail/send', {
      ...sent,
      title: 'Send a mail',
      description: 'SendGrid drops no repeats. That it took the mail does not mean that it arrived.',
      scopes: ['mails.send'],
      effect: { class: 'unsafe' },
      input: z
        .strictObject({
          ...envelope,
          subject: field.text('Subject').max(998),
          text: field.text('Text').optional(),
          html: field.text('HTML', 'Escape what comes from outside: $escapeHtml().').optional(),
        })
        .refine(({ text, html }) => text !== undefined || html !== undefined, {
          path: ['text'],
          message: 'give the text, the HTML, or both',
        }),
      directs: ['to', 'cc', 'bcc'],
      classes: { from: 'internal', from_name: 'internal', reply_to: 'internal' },
      // Plain text has to stand before HTML.
      body: (input) => ({
        ...envelopeOf(input),
        subject: input.subject,
        content: [
          ...(input.text === undefined ? [] : [{ type: 'text/plain', value: input.text }]),
          ...(input.html === undefined ? [] : [{ type: 'text/html', value: input.html }]),
        ],
      }),
      read: readId,
      sample: {
        input: { to: ['ada@example.com'], from: 'shop@example.org', subject: 'Thank you', text: 'You paid.' },
        output: { id: 'double-message-1' },
      },
    }),
    'mails.send-template': sendgrid.call('POST /v3/mail/send', {
      ...sent,
      title: 'Send a mail from a template',
      description: 'A dynamic template with its data. SendGrid drops no repeats.',
      scopes: ['mails.send'],
      effect: { class: 'unsafe' },
      input: z.strictObject({
        ...envelope,
        template_id: field.pick('Template', { action: 'templates.list', value: 'id', label: 'name' }, 'Its id: d-…'),
        data: field.record('Data', 'What the template names between its braces.').optional(),
      }),
      directs: ['to', 'cc', 'bcc'],
      classes: { from: 'internal', from_name: 'internal', reply_to: 'internal', template_id: 'internal' },
      body: (input) => ({ ...envelopeOf(input, input.data), template_id: input.template_id }),
      read: readId,
      sample: {
        input: {
          to: ['ada@example.com'],
          from: 'shop@example.org',
          template_id: 'd-0000000000000001',
          data: { order: '1042' },
        },
        output: { id: 'double-message-1' },
      },
    }),
    'templates.list': sendgrid.list('GET /v3/templates', {
      title: 'List templates',
      description: 'Dynamic ones or old ones.',
      scopes: ['templates.read'],
      input: z.strictObject({ generations: field.choice(['dynamic', 'legacy'], 'Kind').default('dynamic') }),
      classes: { generations: 'public' },
      outputClasses: { items: 'internal' },
      pages: { by: 'url', next: '_metadata.next', size: { parameter: 'page_size', most: 200 } },
      items: 'result',
      item: z.object({ id: z.string(), name: z.string() }),
      sample: { input: {}, items: [{ id: 'd-0000000000000001', name: 'Receipt' }] },
    }),
    'bounces.list': sendgrid.list('GET /v3/suppression/bounces', {
      title: 'List bounces',
      description: 'Addresses that gave mails back.',
      scopes: ['bounces.read'],
      input: z.strictObject({
        start_time: field.int('From', 'Seconds since 1970.').optional(),
        end_time: field.int('Until', 'Seconds since 1970.').optional(),
      }),
      classes: { start_time: 'internal', end_time: 'internal' },
      pages: { by: 'offset', parameter: 'offset', size: { parameter: 'limit', most: 500 } },
      items: '',
      item: bounceSchema,
      sample: {
        input: {},
        items: [{ email: 'gone@example.com', reason: '550 no such user', status: '5.1.1', created: 1767225600 }],
      },
    }),
    'bounces.clear': sendgrid.call('DELETE /v3/suppression/bounces/{email}', {
      title: 'Clear a bounce',
      description: 'Mails go to this address again. None is an answer, not a failure.',
      scopes: ['bounces.clear'],
      effect: { class: 'natural' },
      input: z.strictObject({ email: field.email() }),
      reply: z.unknown(),
      output: z.object({ found: z.boolean() }),
      outputClasses: { found: 'internal' },
      read: () => ({ found: true }),
      absent: { found: false },
      sample: { input: { email: 'gone@example.com' }, output: { found: true } },
    }),
  },
  triggers: {},
});
