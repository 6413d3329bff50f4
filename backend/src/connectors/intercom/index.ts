import { field } from '@sluice/shared/connector';
import { z } from 'zod';
import { intercom, versionHeader } from './connector.js';

const contact = field.id('Contact', 'Its id.');
const contactSchema = z.object({
  id: z.string(),
  role: z.string(),
  email: z.string().nullable(),
  name: z.string().nullable(),
  external_id: z.string().nullable(),
});
const contactClasses = { id: 'internal', role: 'internal' } as const;
const given = {
  email: field.email().optional(),
  name: field.text('Name').optional(),
  phone: field.text('Phone').optional(),
  external_id: field.text('Your own id').optional(),
  custom_attributes: field.record('Other attributes').optional(),
};
const sampleContact = { id: 'contactDouble1', role: 'user', email: 'ada@example.com', name: 'Ada', external_id: null };

export const connector = intercom.build({
  actions: {
    'contacts.create': intercom.call('POST /contacts', {
      title: 'Create a contact',
      description: 'Intercom refuses a second one with the same e-mail and role.',
      scopes: ['contacts.write'],
      effect: { class: 'unsafe' },
      headers: versionHeader,
      input: z.strictObject({ role: field.choice(['user', 'lead'], 'Role').default('user'), ...given }),
      classes: { role: 'internal' },
      outputClasses: contactClasses,
      output: contactSchema,
      sample: {
        input: { email: 'bob@example.com', name: 'Bob' },
        output: { ...sampleContact, id: 'contactDouble4', email: 'bob@example.com', name: 'Bob' },
      },
    }),
    'contacts.change': intercom.call('PUT /contacts/{contact}', {
      title: 'Change a contact',
      description: 'Sets what is given; the rest stays.',
      scopes: ['contacts.write'],
      effect: { class: 'natural' },
      headers: versionHeader,
      input: z.strictObject({ contact, ...given }),
      classes: { contact: 'internal' },
      outputClasses: contactClasses,
      output: contactSchema,
      sample: {
        input: { contact: 'contactDouble1', name: 'Ada King' },
        output: { ...sampleContact, name: 'Ada King' },
      },
    }),
    'contacts.find': intercom.list('POST /contacts/search', {
      title: 'Find contacts by e-mail',
      description: 'Those with exactly this e-mail.',
      scopes: ['contacts.read'],
      headers: versionHeader,
      input: z.strictObject({ email: field.email() }),
      body: ({ email }) => ({ query: { field: 'email', operator: '=', value: email } }),
      pages: {
        by: 'cursor',
        parameter: 'pagination.starting_after',
        next: 'pages.next.starting_after',
        size: { parameter: 'pagination.per_page', most: 150 },
      },
      items: 'data',
      item: contactSchema,
      sample: { input: { email: 'ada@example.com' }, items: [sampleContact] },
    }),
    'contacts.tag': intercom.call('POST /contacts/{contact}/tags', {
      title: 'Tag a contact',
      description: 'With a tag that is there.',
      scopes: ['contacts.write'],
      effect: { class: 'natural' },
      headers: versionHeader,
      input: z.strictObject({ contact, id: field.id('Tag', 'Its id.') }),
      classes: { contact: 'internal', id: 'internal' },
      outputClasses: { id: 'internal', name: 'internal' },
      output: z.object({ id: z.string(), name: z.string() }),
      sample: { input: { contact: 'contactDouble1', id: '7' }, output: { id: '7', name: 'customer' } },
    }),
    'conversations.start': intercom.call('POST /conversations', {
      title: 'Start a conversation for a contact',
      description: 'As if the contact had written. Intercom drops no repeats.',
      scopes: ['conversations.write'],
      effect: { class: 'unsafe' },
      headers: versionHeader,
      input: z.strictObject({ contact, body: field.text('Text') }),
      classes: { contact: 'internal' },
      outputClasses: { conversation_id: 'internal' },
      body: ({ contact: id, body }) => ({ from: { type: 'user', id }, body }),
      output: z.object({ conversation_id: z.string() }),
      sample: { input: { contact: 'contactDouble1', body: 'Where is my order?' }, output: { conversation_id: '501' } },
    }),
    'conversations.reply': intercom.call('POST /conversations/{conversation}/reply', {
      title: 'Answer in a conversation',
      description: 'A comment that the contact reads, or a note for the team. Intercom drops no repeats.',
      scopes: ['conversations.write'],
      effect: { class: 'unsafe' },
      headers: versionHeader,
      input: z.strictObject({
        conversation: field.id('Conversation', 'Its id.'),
        admin_id: field.id('As', 'The id of the teammate or bot that speaks.'),
        message_type: field.choice(['comment', 'note'], 'Kind').default('comment'),
        body: field.text('Text'),
      }),
      classes: { conversation: 'internal', admin_id: 'internal', message_type: 'public' },
      outputClasses: { id: 'internal', state: 'internal' },
      body: ({ conversation: _, ...rest }) => ({ ...rest, type: 'admin' }),
      output: z.object({ id: z.string(), state: z.string() }),
      sample: {
        input: { conversation: '500', admin_id: '1', body: 'It is on its way.' },
        output: { id: '500', state: 'open' },
      },
    }),
  },
  triggers: {},
});
