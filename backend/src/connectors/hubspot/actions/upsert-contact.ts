import { ConnectorError } from '@sluice/shared/connector';
import { z } from 'zod';
import { hubspot, origin, readReply } from '../connector.js';

const valueSchema = z.union([z.string(), z.number(), z.boolean()]);

const inputSchema = z.strictObject({
  email: z.email().meta({ title: 'E-mail', description: 'Names the contact; created if HubSpot has none with it.' }),
  firstname: z.string().optional().meta({ title: 'First name' }),
  lastname: z.string().optional().meta({ title: 'Last name' }),
  phone: z.string().optional().meta({ title: 'Phone' }),
  company: z.string().optional().meta({ title: 'Company' }),
  lifecyclestage: z.string().optional().meta({ title: 'Lifecycle stage' }),
  properties: z
    .record(
      z
        .string()
        .regex(/^[a-z0-9_]+$/, 'a property’s internal name')
        .refine((name) => name !== 'email', 'the e-mail has a field of its own'),
      valueSchema,
    )
    .optional()
    .meta({ title: 'Other properties', description: 'By internal name. Empty text clears a property.' }),
});

const replySchema = z.object({
  status: z.string(),
  results: z.array(
    z.object({ id: z.string(), new: z.boolean(), properties: z.record(z.string(), z.string().nullable()) }),
  ),
  errors: z.array(z.object({ message: z.string() })).optional(),
});

export const upsertContact = hubspot.action({
  title: 'Create or change a contact',
  description: 'Sets the given properties on the contact with this e-mail, and creates it if there is none.',
  scopes: ['contacts.write'],
  effect: { class: 'natural' },
  method: 'POST',
  path: '/crm/v3/objects/contacts/batch/upsert',
  input: inputSchema,
  output: z.object({
    id: z.string(),
    created: z.boolean(),
    properties: z.record(z.string(), z.string().nullable()),
  }),
  classes: {
    email: 'personal',
    firstname: 'personal',
    lastname: 'personal',
    phone: 'personal',
    company: 'internal',
    lifecyclestage: 'internal',
    properties: 'personal',
  },
  // The properties come back as they were sent, whatever they held.
  outputClasses: { id: 'internal', created: 'internal' },
  replyFields: ['status', 'results.id', 'results.new', 'results.properties', 'errors.message'],
  sample: {
    input: { email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace', lifecyclestage: 'customer' },
    output: {
      id: '101',
      created: true,
      properties: { email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace', lifecyclestage: 'customer' },
    },
  },
  async run(step, input) {
    const reply = await step.net.http({
      method: 'POST',
      url: `${origin}/crm/v3/objects/contacts/batch/upsert`,
      body: { inputs: [{ id: input.email, idProperty: 'email', properties: toProperties(input) }] },
    });
    const { results, errors } = readReply(reply, replySchema);
    const [contact] = results;
    // 207: the batch was taken, its one contact was not.
    if (contact === undefined) {
      throw new ConnectorError(
        'rejected',
        `HubSpot did not take the contact: ${errors?.[0]?.message.slice(0, 300) ?? 'no reason given'}`,
        {
          status: reply.status,
        },
      );
    }
    return { id: contact.id, created: contact.new, properties: contact.properties };
  },
});

function toProperties({ properties, ...named }: z.output<typeof inputSchema>): Record<string, string> {
  return Object.fromEntries(
    Object.entries({ ...properties, ...named })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  );
}
