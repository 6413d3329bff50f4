import { z } from 'zod';
import { hubspot, origin, readReply } from '../connector.js';

const usualProperties = ['email', 'firstname', 'lastname', 'phone', 'company', 'lifecyclestage'];

const replySchema = z.object({ id: z.string(), properties: z.record(z.string(), z.string().nullable()) });

export const findContact = hubspot.action({
  title: 'Find a contact',
  description: 'Reads the contact with this e-mail. Finding none is an answer, not a failure.',
  scopes: ['contacts.read'],
  effect: { class: 'natural' },
  method: 'GET',
  path: '/crm/v3/objects/contacts/{email}',
  input: z.strictObject({
    email: z.email().meta({ title: 'E-mail' }),
    properties: z
      .array(z.string().regex(/^[a-z0-9_]+$/, 'a property’s internal name'))
      .max(100)
      .optional()
      .meta({ title: 'Other properties', description: 'Internal names to read besides the usual ones.' }),
  }),
  output: z.object({
    found: z.boolean(),
    id: z.string().nullable(),
    properties: z.record(z.string(), z.string().nullable()),
  }),
  classes: { email: 'personal', properties: 'public' },
  outputClasses: { found: 'internal', id: 'internal', properties: 'personal' },
  replyFields: ['id', 'properties'],
  sample: {
    input: { email: 'grace@example.com' },
    output: {
      found: true,
      id: '100',
      properties: { email: 'grace@example.com', firstname: 'Grace', lastname: 'Hopper' },
    },
  },
  async run(step, { email, properties = [] }) {
    const url = new URL(`${origin}/crm/v3/objects/contacts/${encodeURIComponent(email)}`);
    url.searchParams.set('idProperty', 'email');
    url.searchParams.set('properties', [...new Set([...usualProperties, ...properties])].join(','));
    const reply = await step.net.http({ method: 'GET', url: url.href });
    if (reply.status === 404) return { found: false, id: null, properties: {} };
    return { found: true, ...readReply(reply, replySchema) };
  },
});
