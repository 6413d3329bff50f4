import { field } from '@sluice/shared/connector';
import { z } from 'zod';
import { mailchimp } from './connector.js';

const audience = field.pick('Audience', { action: 'audiences.list', value: 'id', label: 'name' }, 'Its id.');
const email = z
  .email()
  .transform((text) => text.toLowerCase())
  .meta({ title: 'E-mail' });
const statuses = ['subscribed', 'pending', 'unsubscribed', 'cleaned', 'transactional'] as const;
const memberSchema = z.object({
  id: z.string(),
  email_address: z.string(),
  status: z.string(),
  merge_fields: z.record(z.string(), z.unknown()),
});
const memberClasses = { id: 'personal', status: 'internal' } as const;
const sampleMember = {
  id: 'ada@example.com-id',
  email_address: 'ada@example.com',
  status: 'subscribed',
  merge_fields: { FNAME: 'Ada' },
};

export const connector = mailchimp.build({
  actions: {
    'contacts.upsert': mailchimp.call('PUT /3.0/lists/{audience}/members/{email}', {
      title: 'Add or change a contact',
      description:
        'By e-mail. One that is there keeps its status unless one is given; pending asks the person first (double opt-in).',
      scopes: ['contacts.write'],
      effect: { class: 'natural' },
      input: z.strictObject({
        audience,
        email,
        status_if_new: field
          .choice(['pending', 'subscribed', 'transactional'], 'Status of a new one')
          .default('pending'),
        status: field.choice(statuses, 'Status').optional(),
        merge_fields: field.record('Merge fields', 'FNAME, LNAME, …').optional(),
      }),
      directs: ['audience'],
      classes: { audience: 'internal', status_if_new: 'internal', status: 'internal' },
      outputClasses: memberClasses,
      body: ({ audience: _, email: address, ...member }) => ({ email_address: address, ...member }),
      output: memberSchema,
      sample: {
        input: { audience: 'double1', email: 'bob@example.com', merge_fields: { FNAME: 'Bob' } },
        output: {
          id: 'bob@example.com-id',
          email_address: 'bob@example.com',
          status: 'pending',
          merge_fields: { FNAME: 'Bob' },
        },
      },
    }),
    'contacts.get': mailchimp.call('GET /3.0/lists/{audience}/members/{email}', {
      title: 'Read a contact',
      description: 'By e-mail. None is an answer, not a failure.',
      scopes: ['contacts.read'],
      input: z.strictObject({ audience, email }),
      classes: { audience: 'internal' },
      outputClasses: { found: 'internal' },
      reply: memberSchema,
      output: z.object({ found: z.boolean(), contact: memberSchema.nullable() }),
      read: (contact) => ({ found: true, contact }),
      absent: { found: false, contact: null },
      sample: {
        input: { audience: 'double1', email: 'ada@example.com' },
        output: { found: true, contact: sampleMember },
      },
    }),
    'contacts.list': mailchimp.list('GET /3.0/lists/{audience}/members', {
      title: 'List contacts',
      description: 'Of an audience.',
      scopes: ['contacts.read'],
      input: z.strictObject({
        audience,
        status: field.choice(statuses, 'Status').optional(),
        since_last_changed: field.time('Changed since').optional(),
      }),
      classes: { audience: 'internal', status: 'internal', since_last_changed: 'internal' },
      pages: { by: 'offset', parameter: 'offset', size: { parameter: 'count', most: 1000 } },
      items: 'members',
      item: memberSchema,
      sample: { input: { audience: 'double1' }, items: [sampleMember] },
    }),
    'contacts.tag': mailchimp.call('POST /3.0/lists/{audience}/members/{email}/tags', {
      title: 'Tag a contact',
      description: 'Adds tags, and takes others away.',
      scopes: ['contacts.write'],
      effect: { class: 'natural' },
      input: z.strictObject({
        audience,
        email,
        add: field.texts('Add').optional(),
        remove: field.texts('Take away').optional(),
      }),
      directs: ['audience'],
      classes: { audience: 'internal', add: 'internal', remove: 'internal' },
      body: ({ add = [], remove = [] }) => ({
        tags: [
          ...add.map((name) => ({ name, status: 'active' })),
          ...remove.map((name) => ({ name, status: 'inactive' })),
        ],
      }),
      reply: z.unknown(),
      output: z.object({ tagged: z.boolean() }),
      outputClasses: { tagged: 'internal' },
      read: () => ({ tagged: true }),
      sample: { input: { audience: 'double1', email: 'ada@example.com', add: ['customer'] }, output: { tagged: true } },
    }),
    'contacts.archive': mailchimp.call('DELETE /3.0/lists/{audience}/members/{email}', {
      title: 'Archive a contact',
      description: 'It can be added again. None is an answer, not a failure.',
      scopes: ['contacts.archive'],
      effect: { class: 'natural' },
      input: z.strictObject({ audience, email }),
      classes: { audience: 'internal' },
      reply: z.unknown(),
      output: z.object({ found: z.boolean() }),
      outputClasses: { found: 'internal' },
      read: () => ({ found: true }),
      absent: { found: false },
      sample: { input: { audience: 'double1', email: 'ada@example.com' }, output: { found: true } },
    }),
    'audiences.list': mailchimp.list('GET /3.0/lists', {
      title: 'List audiences',
      description: 'All that the key reaches.',
      scopes: ['audiences.read'],
      input: z.strictObject({}),
      outputClasses: { items: 'internal' },
      pages: { by: 'offset', parameter: 'offset', size: { parameter: 'count', most: 1000 } },
      items: 'lists',
      item: z.object({ id: z.string(), name: z.string() }),
      sample: { input: {}, items: [{ id: 'double1', name: 'Shop' }] },
    }),
  },
  triggers: {},
});
