import { field } from '@sluice/shared/connector';
import { z } from 'zod';
import { root, salesforce } from './connector.js';

const name = (title: string, description?: string) =>
  z
    .string()
    .regex(/^[A-Za-z]\w{0,79}$/, 'an API name: letters, digits and _')
    .meta({ title, ...(description !== undefined && { description }) });
const object = name('Object', 'Its API name: Contact, Invoice__c.');
const id = z
  .string()
  .regex(/^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/, 'a record’s id of 15 or 18 characters')
  .meta({ title: 'Record' });
const fields = field.record('Fields', 'By API name.');
const recordSchema = z.record(z.string(), z.unknown());
const objectClasses = { object: 'internal' } as const;
const sampleId = '003000000000001AAA';

export const connector = salesforce.build({
  actions: {
    'records.create': salesforce.call(`POST ${root}/sobjects/{object}`, {
      title: 'Create a record',
      description: 'Salesforce drops no repeats; "Create or change a record" does.',
      scopes: ['records.write'],
      effect: { class: 'unsafe' },
      input: z.strictObject({ object, fields }),
      directs: ['object'],
      classes: objectClasses,
      outputClasses: { id: 'internal' },
      body: (input) => input.fields,
      output: z.object({ id: z.string() }),
      sample: {
        input: { object: 'Contact', fields: { LastName: 'Lovelace', Email: 'ada@example.com' } },
        output: { id: '003000000000002AAA' },
      },
    }),
    'records.upsert': salesforce.call(`PATCH ${root}/sobjects/{object}/{by}/{value}`, {
      title: 'Create or change a record',
      description: 'Finds the record by a field that is an external id, and creates it if there is none.',
      scopes: ['records.write'],
      effect: { class: 'natural' },
      input: z.strictObject({
        object,
        by: name('External id field', 'Customer_No__c'),
        value: field.name('Its value'),
        fields,
      }),
      directs: ['object'],
      classes: { ...objectClasses, by: 'internal' },
      outputClasses: { id: 'internal', created: 'internal' },
      body: (input) => input.fields,
      output: z.object({ id: z.string(), created: z.boolean() }),
      sample: {
        input: { object: 'Contact', by: 'Customer_No__c', value: 'C-1', fields: { LastName: 'King' } },
        output: { id: sampleId, created: false },
      },
    }),
    'records.change': salesforce.call(`PATCH ${root}/sobjects/{object}/{id}`, {
      title: 'Change a record',
      description: 'Sets the given fields; the others stay.',
      scopes: ['records.write'],
      effect: { class: 'natural' },
      input: z.strictObject({ object, id, fields }),
      directs: ['object'],
      classes: { ...objectClasses, id: 'internal' },
      outputClasses: { id: 'internal' },
      body: (input) => input.fields,
      reply: z.unknown(),
      output: z.object({ id: z.string() }),
      read: (_, input) => ({ id: input.id }),
      sample: { input: { object: 'Contact', id: sampleId, fields: { Title: 'Countess' } }, output: { id: sampleId } },
    }),
    'records.get': salesforce.call(`GET ${root}/sobjects/{object}/{id}`, {
      title: 'Read a record',
      description: 'One record by its id. None is an answer, not a failure.',
      scopes: ['records.read'],
      input: z.strictObject({
        object,
        id,
        fields: z
          .array(name('Field'))
          .min(1)
          .max(200)
          .meta({ title: 'Fields', description: 'API names to read.' })
          .transform((names) => names.join(',')),
      }),
      classes: { ...objectClasses, id: 'internal', fields: 'internal' },
      outputClasses: { found: 'internal' },
      reply: recordSchema,
      output: z.object({ found: z.boolean(), record: recordSchema.nullable() }),
      read: (record) => ({ found: true, record }),
      absent: { found: false, record: null },
      sample: {
        input: { object: 'Contact', id: sampleId, fields: ['LastName', 'Email'] },
        output: { found: true, record: { Id: sampleId, LastName: 'Lovelace', Email: 'ada@example.com' } },
      },
    }),
    'records.query': salesforce.list(`GET ${root}/query/*`, {
      title: 'Find records',
      description: 'By a SOQL query.',
      scopes: ['records.read'],
      input: z.strictObject({
        q: field.text(
          'Query',
          'SELECT Id, Email FROM Contact WHERE … A value that comes from outside can end the text it stands in: check it first.',
        ),
      }),
      pages: { by: 'url', next: 'nextRecordsUrl' },
      items: 'records',
      item: recordSchema,
      sample: {
        input: { q: 'SELECT Id, LastName FROM Contact' },
        items: [{ Id: sampleId, LastName: 'Lovelace' }],
      },
    }),
    'records.delete': salesforce.call(`DELETE ${root}/sobjects/{object}/{id}`, {
      title: 'Delete a record',
      description: 'It goes to the recycle bin. None is an answer, not a failure.',
      scopes: ['records.delete'],
      effect: { class: 'natural' },
      input: z.strictObject({ object, id }),
      directs: ['object'],
      classes: { ...objectClasses, id: 'internal' },
      reply: z.unknown(),
      output: z.object({ found: z.boolean() }),
      outputClasses: { found: 'internal' },
      read: () => ({ found: true }),
      absent: { found: false },
      sample: { input: { object: 'Contact', id: sampleId }, output: { found: true } },
    }),
  },
  triggers: {},
});
