import { field } from '@sluice/shared/connector';
import { z } from 'zod';
import { mailgun } from './connector.js';

const addresses = (title: string) => z.array(z.string().min(3).max(320)).min(1).max(1000).meta({ title });
const bounceSchema = z.object({ address: z.string(), code: z.string(), error: z.string(), created_at: z.string() });

export const connector = mailgun.build({
  actions: {
    'mails.send': mailgun.call('POST /v3/{domain}/messages', {
      title: 'Send a mail',
      description: 'Mailgun drops no repeats. All in "To" see each other.',
      scopes: ['mails.send'],
      effect: { class: 'unsafe' },
      as: 'form',
      input: z
        .strictObject({
          from: field.text('From', 'Of the sending domain: Shop <shop@mg.example.org>.').max(320),
          to: addresses('To'),
          cc: addresses('Copies to').optional(),
          bcc: addresses('Blind copies to').optional(),
          subject: field.text('Subject').max(998),
          text: field.text('Text').optional(),
          html: field.text('HTML', 'Escape what comes from outside.').optional(),
          template: field.text('Template', 'Its name.').optional(),
          variables: field.record('Template data').optional(),
          tags: field.texts('Tags').optional(),
          reply_to: field.text('Answers to').max(320).optional(),
        })
        .refine((mail) => [mail.text, mail.html, mail.template].some((part) => part !== undefined), {
          path: ['text'],
          message: 'give a text, HTML or a template',
        }),
      directs: ['to', 'cc', 'bcc'],
      classes: { from: 'internal', template: 'internal', tags: 'internal', reply_to: 'internal' },
      outputClasses: { id: 'internal' },
      body: ({ variables, tags, reply_to: replyTo, ...mail }) => ({
        ...mail,
        'o:tag': tags,
        'h:Reply-To': replyTo,
        't:variables': variables === undefined ? undefined : JSON.stringify(variables),
      }),
      output: z.object({ id: z.string() }),
      sample: {
        input: { from: 'shop@mg.example.org', to: ['ada@example.com'], subject: 'Thank you', text: 'You paid.' },
        output: { id: '<1.double@mg.example.org>' },
      },
    }),
    'bounces.list': mailgun.list('GET /v3/{domain}/bounces', {
      title: 'List bounces',
      description: 'Addresses that gave mails back.',
      scopes: ['bounces.read'],
      input: z.strictObject({}),
      pages: { by: 'url', next: 'paging.next', size: { parameter: 'limit', most: 1000 } },
      items: 'items',
      item: bounceSchema,
      sample: {
        input: {},
        items: [
          {
            address: 'gone@example.com',
            code: '550',
            error: 'No such user',
            created_at: 'Thu, 01 Jan 2026 00:00:00 UTC',
          },
        ],
      },
    }),
    'bounces.clear': mailgun.call('DELETE /v3/{domain}/bounces/{address}', {
      title: 'Clear a bounce',
      description: 'Mails go to this address again. None is an answer, not a failure.',
      scopes: ['bounces.clear'],
      effect: { class: 'natural' },
      input: z.strictObject({ address: field.email('Address') }),
      reply: z.unknown(),
      output: z.object({ found: z.boolean() }),
      outputClasses: { found: 'internal' },
      read: () => ({ found: true }),
      absent: { found: false },
      sample: { input: { address: 'gone@example.com' }, output: { found: true } },
    }),
    'unsubscribes.add': mailgun.call('POST /v3/{domain}/unsubscribes', {
      title: 'Note an unsubscribe',
      description: 'From a tag, or from all mails of the domain.',
      scopes: ['unsubscribes.write'],
      effect: { class: 'natural' },
      as: 'form',
      input: z.strictObject({
        address: field.email('Address'),
        tag: field.text('Tag', 'All mails unless given.').default('*'),
      }),
      classes: { tag: 'internal' },
      reply: z.unknown(),
      output: z.object({ noted: z.boolean() }),
      outputClasses: { noted: 'internal' },
      read: () => ({ noted: true }),
      sample: { input: { address: 'bob@example.com' }, output: { noted: true } },
    }),
  },
  triggers: {},
});
