import { field } from '@sluice/shared/connector';
import { z } from 'zod';
import { zendesk } from './connector.js';

const ticketSchema = z.object({
  id: z.int(),
  subject: z.string().nullable(),
  status: z.string(),
  priority: z.string().nullable(),
  tags: z.array(z.string()),
  requester_id: z.int(),
  created_at: z.string(),
});
const answerSchema = z.object({ ticket: ticketSchema });
const ticketClasses = {
  id: 'internal',
  status: 'internal',
  priority: 'internal',
  tags: 'internal',
  requester_id: 'internal',
  created_at: 'internal',
} as const;
const ticketOf = ({ ticket }: z.output<typeof answerSchema>) => ticket;
const id = field.count('Ticket');
const status = field.choice(['new', 'open', 'pending', 'hold', 'solved'], 'Status').optional();
const priority = field.choice(['low', 'normal', 'high', 'urgent'], 'Priority').optional();
const tags = field.texts('Tags', 'All that it shall have.').optional();
const sampleTicket = {
  id: 1,
  subject: 'Where is my order?',
  status: 'open',
  priority: null,
  tags: [],
  requester_id: 11,
  created_at: '2026-01-01T00:00:00Z',
};

export const connector = zendesk.build({
  actions: {
    'tickets.create': zendesk.call('POST /api/v2/tickets.json', {
      title: 'Open a ticket',
      description: 'Zendesk drops repeats for two hours alone, so after a lost answer a person decides.',
      scopes: ['tickets.write'],
      effect: { class: 'unsafe' },
      input: z.strictObject({
        subject: field.text('Subject'),
        body: field.text('First comment'),
        email: field.email('From', 'The requester; made if Zendesk has none with it.').optional(),
        name: field.text('From, by name').optional(),
        priority,
        tags,
        external_id: field.text('Your own id').optional(),
      }),
      classes: { priority: 'internal', tags: 'internal', external_id: 'internal' },
      outputClasses: ticketClasses,
      body: ({ body, email, name, ...ticket }) => ({
        ticket: {
          ...ticket,
          comment: { body },
          ...(email !== undefined && { requester: { email, name: name ?? email } }),
        },
      }),
      reply: answerSchema,
      output: ticketSchema,
      read: ticketOf,
      sample: {
        input: { subject: 'Where is my order?', body: 'It is 1042.', email: 'ada@example.com' },
        output: { ...sampleTicket, id: 4, status: 'new' },
      },
    }),
    'tickets.change': zendesk.call('PUT /api/v2/tickets/{id}.json', {
      title: 'Change a ticket',
      description: 'Sets what is given; the rest stays.',
      scopes: ['tickets.write'],
      effect: { class: 'natural' },
      input: z.strictObject({ id, status, priority, tags, subject: field.text('Subject').optional() }),
      classes: { id: 'internal', status: 'internal', priority: 'internal', tags: 'internal' },
      outputClasses: ticketClasses,
      body: ({ id: _, ...ticket }) => ({ ticket }),
      reply: answerSchema,
      output: ticketSchema,
      read: ticketOf,
      sample: { input: { id: 1, status: 'solved' }, output: { ...sampleTicket, status: 'solved' } },
    }),
    'tickets.comment': zendesk.call('PUT /api/v2/tickets/{id}.json', {
      title: 'Comment on a ticket',
      description: 'For the requester to read, or for agents alone. Zendesk drops no repeats of it.',
      scopes: ['tickets.write'],
      effect: { class: 'unsafe' },
      input: z.strictObject({
        id,
        body: field.text('Text'),
        public: field.flag('The requester may read it').default(false),
      }),
      classes: { id: 'internal', public: 'public' },
      outputClasses: ticketClasses,
      body: ({ body, public: isPublic }) => ({ ticket: { comment: { body, public: isPublic } } }),
      reply: answerSchema,
      output: ticketSchema,
      read: ticketOf,
      sample: { input: { id: 1, body: 'Refunded.', public: true }, output: sampleTicket },
    }),
    'tickets.get': zendesk.call('GET /api/v2/tickets/{id}.json', {
      title: 'Read a ticket',
      description: 'One ticket by its number.',
      scopes: ['tickets.read'],
      input: z.strictObject({ id }),
      classes: { id: 'internal' },
      outputClasses: ticketClasses,
      reply: answerSchema,
      output: ticketSchema,
      read: ticketOf,
      sample: { input: { id: 1 }, output: sampleTicket },
    }),
    'tickets.search': zendesk.list('GET /api/v2/search.json', {
      title: 'Find tickets',
      description: 'By Zendesk’s search words; 1,000 at most.',
      scopes: ['search.read'],
      input: z.strictObject({
        query: z
          .string()
          .min(1)
          .max(1000)
          .transform((words) => `type:ticket ${words}`)
          .meta({ title: 'Search', description: 'status<solved requester:ada@example.com' }),
      }),
      pages: { by: 'url', next: 'next_page', size: { parameter: 'per_page', most: 100 } },
      items: 'results',
      item: ticketSchema,
      sample: { input: { query: 'status<solved' }, items: [sampleTicket] },
    }),
    'users.upsert': zendesk.call('POST /api/v2/users/create_or_update.json', {
      title: 'Create or change a user',
      description: 'By e-mail or by your own id.',
      scopes: ['users.write'],
      effect: { class: 'natural' },
      input: z.strictObject({
        email: field.email(),
        name: field.text('Name'),
        phone: field.text('Phone').optional(),
        external_id: field.text('Your own id').optional(),
        user_fields: field.record('Other fields').optional(),
      }),
      outputClasses: { id: 'internal' },
      body: (user) => ({ user }),
      reply: z.object({ user: z.object({ id: z.int(), email: z.string().nullable(), name: z.string() }) }),
      output: z.object({ id: z.int(), email: z.string().nullable(), name: z.string() }),
      read: ({ user }) => user,
      sample: {
        input: { email: 'ada@example.com', name: 'Ada' },
        output: { id: 11, email: 'ada@example.com', name: 'Ada' },
      },
    }),
  },
  triggers: {},
});
