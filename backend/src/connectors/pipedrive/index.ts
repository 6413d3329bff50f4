import { field } from '@sluice/shared/connector';
import { z } from 'zod';
import { pipedrive } from './connector.js';

const okay = z.literal(true);
const person = field.count('Person', 'Its id.');
const deal = field.count('Deal', 'Its id.');
const personSchema = z.object({ id: z.int(), name: z.string() });
const dealSchema = z.object({
  id: z.int(),
  title: z.string(),
  status: z.string(),
  value: z.number().nullable(),
  currency: z.string().nullable(),
  stage_id: z.int().nullable(),
});
const dealClasses = {
  id: 'internal',
  status: 'internal',
  value: 'internal',
  currency: 'internal',
  stage_id: 'internal',
} as const;
const emails = (email: string | undefined) =>
  email === undefined ? {} : { emails: [{ value: email, primary: true, label: 'work' }] };
const phones = (phone: string | undefined) =>
  phone === undefined ? {} : { phones: [{ value: phone, primary: true, label: 'work' }] };
const sampleDeal = { id: 1, title: 'Order 1042', status: 'open', value: 129, currency: 'EUR', stage_id: 1 };
const dealFields = {
  value: field.number('Value').optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'three letters, EUR')
    .optional()
    .meta({ title: 'Currency' }),
  stage_id: field.count('Stage').optional(),
  custom_fields: field.record('Other fields', 'By their 40-digit keys.').optional(),
};
const dealInputClasses = { value: 'internal', currency: 'internal', stage_id: 'internal' } as const;

export const connector = pipedrive.build({
  actions: {
    'people.create': pipedrive.call('POST /api/v2/persons', {
      title: 'Create a person',
      description: 'Pipedrive drops no repeats: find the person first.',
      scopes: ['people.write'],
      effect: { class: 'unsafe' },
      input: z.strictObject({
        name: field.text('Name'),
        email: field.email().optional(),
        phone: field.text('Phone').optional(),
      }),
      outputClasses: { id: 'internal' },
      body: ({ name, email, phone }) => ({ name, ...emails(email), ...phones(phone) }),
      reply: z.object({ success: okay, data: personSchema }),
      output: personSchema,
      read: ({ data }) => data,
      sample: { input: { name: 'Bob', email: 'bob@example.com' }, output: { id: 4, name: 'Bob' } },
    }),
    'people.change': pipedrive.call('PATCH /api/v2/persons/{person}', {
      title: 'Change a person',
      description: 'Sets what is given; the rest stays.',
      scopes: ['people.write'],
      effect: { class: 'natural' },
      input: z.strictObject({
        person,
        name: field.text('Name').optional(),
        email: field.email('E-mail', 'Replaces all that are there.').optional(),
        phone: field.text('Phone', 'Replaces all that are there.').optional(),
      }),
      classes: { person: 'internal' },
      outputClasses: { id: 'internal' },
      body: ({ name, email, phone }) => ({ ...(name !== undefined && { name }), ...emails(email), ...phones(phone) }),
      reply: z.object({ success: okay, data: personSchema }),
      output: personSchema,
      read: ({ data }) => data,
      sample: { input: { person: 1, name: 'Ada King' }, output: { id: 1, name: 'Ada King' } },
    }),
    'people.find': pipedrive.list('GET /api/v2/persons/search', {
      title: 'Find people by e-mail',
      description: 'Those with exactly this e-mail.',
      scopes: ['people.read'],
      input: z.strictObject({
        term: field.email(),
        fields: z.literal('email').default('email').meta({ title: 'Looks in' }),
        exact_match: z.literal(true).default(true).meta({ title: 'Exactly' }),
      }),
      classes: { fields: 'public', exact_match: 'public' },
      pages: {
        by: 'cursor',
        parameter: 'cursor',
        next: 'additional_data.next_cursor',
        size: { parameter: 'limit', most: 100 },
      },
      items: 'data.items',
      item: z.object({ item: z.object({ id: z.int(), name: z.string(), emails: z.array(z.string()).optional() }) }),
      sample: {
        input: { term: 'ada@example.com' },
        items: [{ item: { id: 1, name: 'Ada', emails: ['ada@example.com'] } }],
      },
    }),
    'deals.create': pipedrive.call('POST /api/v2/deals', {
      title: 'Create a deal',
      description: 'Pipedrive drops no repeats.',
      scopes: ['deals.write'],
      effect: { class: 'unsafe' },
      input: z.strictObject({ title: field.text('Title'), person_id: person.optional(), ...dealFields }),
      classes: { ...dealInputClasses, person_id: 'internal' },
      outputClasses: dealClasses,
      reply: z.object({ success: okay, data: dealSchema }),
      output: dealSchema,
      read: ({ data }) => data,
      sample: {
        input: { title: 'Order 1043', value: 99, currency: 'EUR' },
        output: { ...sampleDeal, id: 4, title: 'Order 1043', value: 99 },
      },
    }),
    'deals.change': pipedrive.call('PATCH /api/v2/deals/{deal}', {
      title: 'Change a deal',
      description: 'Sets what is given; the rest stays.',
      scopes: ['deals.write'],
      effect: { class: 'natural' },
      input: z.strictObject({
        deal,
        title: field.text('Title').optional(),
        status: field.choice(['open', 'won', 'lost'], 'Status').optional(),
        ...dealFields,
      }),
      classes: { ...dealInputClasses, deal: 'internal', status: 'internal' },
      outputClasses: dealClasses,
      reply: z.object({ success: okay, data: dealSchema }),
      output: dealSchema,
      read: ({ data }) => data,
      sample: { input: { deal: 1, status: 'won' }, output: { ...sampleDeal, status: 'won' } },
    }),
    'deals.list': pipedrive.list('GET /api/v2/deals', {
      title: 'List deals',
      description: 'Of a person, a stage or a status.',
      scopes: ['deals.read'],
      input: z.strictObject({
        person_id: person.optional(),
        stage_id: field.count('Stage').optional(),
        status: field.choice(['open', 'won', 'lost'], 'Status').optional(),
        updated_since: field.time('Changed since').optional(),
      }),
      classes: { person_id: 'internal', stage_id: 'internal', status: 'internal', updated_since: 'internal' },
      pages: {
        by: 'cursor',
        parameter: 'cursor',
        next: 'additional_data.next_cursor',
        size: { parameter: 'limit', most: 500 },
      },
      items: 'data',
      item: dealSchema,
      sample: { input: {}, items: [sampleDeal] },
    }),
    'deals.note': pipedrive.call('POST /api/v1/notes', {
      title: 'Note on a deal',
      description: 'Pipedrive drops no repeats.',
      scopes: ['deals.write'],
      effect: { class: 'unsafe' },
      input: z.strictObject({ deal_id: deal, content: field.text('Text', 'HTML; escape what comes from outside.') }),
      classes: { deal_id: 'internal' },
      outputClasses: { id: 'internal' },
      reply: z.object({ success: okay, data: z.object({ id: z.int() }) }),
      output: z.object({ id: z.int() }),
      read: ({ data }) => data,
      sample: { input: { deal_id: 1, content: 'Refunded.' }, output: { id: 1 } },
    }),
  },
  triggers: {},
});
