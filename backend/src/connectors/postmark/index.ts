import { field } from '@sluice/shared/connector';
import { z } from 'zod';
import { postmark } from './connector.js';

const addressList = (title: string) =>
  field.text(title, 'Addresses with commas, 50 at most: ada@example.com, Bob <bob@example.com>.').max(4000);
const envelope = {
  From: field.text('From', 'A confirmed sender: Shop <shop@example.org>.').max(255),
  To: addressList('To'),
  Cc: addressList('Copies to').optional(),
  Bcc: addressList('Blind copies to').optional(),
  ReplyTo: field.text('Answers to').max(255).optional(),
  Tag: field.text('Tag').max(1000).optional(),
  MessageStream: field.id('Message stream', 'outbound unless given; broadcast for newsletters.').optional(),
  Metadata: field.map('Metadata').optional(),
};
const sentSchema = z.object({ MessageID: z.string(), SubmittedAt: z.string() });
const mail = {
  scopes: ['mails.send'],
  effect: { class: 'unsafe' },
  directs: ['To', 'Cc', 'Bcc'],
  outputClasses: { MessageID: 'internal', SubmittedAt: 'internal' },
  output: sentSchema,
} as const;
const envelopeClasses = { From: 'internal', ReplyTo: 'internal', Tag: 'internal', MessageStream: 'internal' } as const;
const sampleSent = {
  MessageID: '00000000-0000-4000-8000-000000000001',
  SubmittedAt: '2026-01-01T00:00:00.0000000-00:00',
};
const bounceSchema = z.object({
  ID: z.int(),
  Type: z.string(),
  Email: z.string(),
  BouncedAt: z.string(),
  Inactive: z.boolean(),
  CanActivate: z.boolean(),
});

export const connector = postmark.build({
  actions: {
    'mails.send': postmark.call('POST /email', {
      ...mail,
      title: 'Send a mail',
      description: 'Postmark drops no repeats.',
      input: z
        .strictObject({
          ...envelope,
          Subject: field.text('Subject').max(2000),
          TextBody: field.text('Text').optional(),
          HtmlBody: field.text('HTML', 'Escape what comes from outside.').optional(),
        })
        .refine(({ TextBody, HtmlBody }) => TextBody !== undefined || HtmlBody !== undefined, {
          path: ['TextBody'],
          message: 'give the text, the HTML, or both',
        }),
      classes: envelopeClasses,
      sample: {
        input: { From: 'shop@example.org', To: 'ada@example.com', Subject: 'Thank you', TextBody: 'You paid.' },
        output: sampleSent,
      },
    }),
    'mails.send-template': postmark.call('POST /email/withTemplate', {
      ...mail,
      title: 'Send a mail from a template',
      description: 'A template by its alias, with its data. Postmark drops no repeats.',
      input: z.strictObject({
        ...envelope,
        TemplateAlias: field.pick(
          'Template',
          { action: 'templates.list', value: 'Alias', label: 'Name' },
          'Its alias.',
        ),
        TemplateModel: field.record('Data', 'What the template names.').default({}),
      }),
      classes: { ...envelopeClasses, TemplateAlias: 'internal' },
      sample: {
        input: {
          From: 'shop@example.org',
          To: 'ada@example.com',
          TemplateAlias: 'receipt',
          TemplateModel: { order: '1042' },
        },
        output: sampleSent,
      },
    }),
    'templates.list': postmark.list('GET /templates', {
      title: 'List templates',
      description: 'Those of the server.',
      scopes: ['templates.read'],
      input: z.strictObject({}),
      outputClasses: { items: 'internal' },
      pages: { by: 'offset', parameter: 'offset', size: { parameter: 'count', most: 500 } },
      items: 'Templates',
      item: z.object({ TemplateId: z.int(), Name: z.string(), Alias: z.string().nullable(), Active: z.boolean() }),
      sample: { input: {}, items: [{ TemplateId: 1, Name: 'Receipt', Alias: 'receipt', Active: true }] },
    }),
    'bounces.list': postmark.list('GET /bounces', {
      title: 'List bounces',
      description: 'The newest first.',
      scopes: ['bounces.read'],
      input: z.strictObject({
        type: field.id('Type', 'HardBounce, SoftBounce, SpamComplaint, …').optional(),
        emailFilter: field.text('Address').optional(),
        inactive: field.flag('Deactivated ones alone').optional(),
      }),
      classes: { type: 'internal', inactive: 'public' },
      pages: { by: 'offset', parameter: 'offset', size: { parameter: 'count', most: 500 } },
      items: 'Bounces',
      item: bounceSchema,
      sample: {
        input: {},
        items: [
          {
            ID: 1,
            Type: 'HardBounce',
            Email: 'gone@example.com',
            BouncedAt: '2026-01-01T00:00:00Z',
            Inactive: true,
            CanActivate: true,
          },
        ],
      },
    }),
    'bounces.reactivate': postmark.call('PUT /bounces/{id}/activate', {
      title: 'Reactivate a bounced address',
      description: 'Mails go there again.',
      scopes: ['bounces.reactivate'],
      effect: { class: 'natural' },
      input: z.strictObject({ id: field.count('Bounce') }),
      classes: { id: 'internal' },
      reply: z.object({ Message: z.string(), Bounce: bounceSchema }),
      output: bounceSchema,
      outputClasses: {
        ID: 'internal',
        Type: 'internal',
        BouncedAt: 'internal',
        Inactive: 'internal',
        CanActivate: 'internal',
      },
      read: ({ Bounce }) => Bounce,
      sample: {
        input: { id: 1 },
        output: {
          ID: 1,
          Type: 'HardBounce',
          Email: 'gone@example.com',
          BouncedAt: '2026-01-01T00:00:00Z',
          Inactive: false,
          CanActivate: true,
        },
      },
    }),
  },
  triggers: {},
});
