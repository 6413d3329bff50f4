import { field, withChoices } from '@sluice/shared/connector';
import { z } from 'zod';
import { airtable } from './connector.js';

const base = field.pick('Base', { action: 'bases.list', value: 'id', label: 'name' }, 'Its id: appZ3YqSample0001.');
const table = withChoices(
  field.name('Table', 'Its id (tbl…), which stays when the table is renamed, or its name without slashes.'),
  { action: 'tables.list', value: 'id', label: 'name', input: { base: 'base' } },
);
const place = { base, table };
const record = field.id('Record', 'Its id: rec…');
const fields = field.record('Fields', 'By name. A link is a list of record ids.');
const typecast = field.flag(
  'Typecast',
  'Airtable makes values fit the field: a new choice is added, a text read as a date.',
);
const placeClasses = { base: 'internal', table: 'internal' } as const;
const recordSchema = z.object({ id: z.string(), createdTime: z.string(), fields: z.record(z.string(), z.unknown()) });
const recordClasses = { id: 'internal', createdTime: 'internal' } as const;
const sample = { base: 'appZ3YqSample0001', table: 'tblZ3YqSample0001' };
const sampleRecord = {
  id: 'recZ3YqSample0001',
  createdTime: '2026-01-01T00:00:00.000Z',
  fields: { Order: '1042', Status: 'Paid' },
};

export const connector = airtable.build({
  actions: {
    'records.create': airtable.call('POST /v0/{base}/{table}', {
      title: 'Add a record',
      description: 'Airtable drops no repeats; "Add or change a record" does.',
      scopes: ['records.write'],
      effect: { class: 'unsafe' },
      input: z.strictObject({ ...place, fields, typecast: typecast.optional() }),
      directs: ['base', 'table'],
      classes: { ...placeClasses, typecast: 'public' },
      outputClasses: recordClasses,
      output: recordSchema,
      sample: {
        input: { ...sample, fields: { Order: '1043', Status: 'Paid' } },
        output: { ...sampleRecord, fields: { Order: '1043', Status: 'Paid' } },
      },
    }),
    'records.upsert': airtable.call('PATCH /v0/{base}/{table}', {
      title: 'Add or change a record',
      description:
        'Finds the one record whose fields named in "Match by" hold these values, and adds it if there is none.',
      scopes: ['records.write'],
      effect: { class: 'natural' },
      input: z.strictObject({
        ...place,
        fields,
        mergeOn: z
          .array(z.string().min(1))
          .min(1)
          .max(3)
          .meta({ title: 'Match by', description: 'One to three field names that are in Fields.' }),
        typecast: typecast.optional(),
      }),
      directs: ['base', 'table'],
      classes: { ...placeClasses, typecast: 'public', mergeOn: 'internal' },
      outputClasses: { ...recordClasses, created: 'internal' },
      body: (input) => ({
        performUpsert: { fieldsToMergeOn: input.mergeOn },
        records: [{ fields: input.fields }],
        ...(input.typecast !== undefined && { typecast: input.typecast }),
      }),
      reply: z.object({ createdRecords: z.array(z.string()), records: z.array(recordSchema).length(1) }),
      output: recordSchema.extend({ created: z.boolean() }),
      read: ({ createdRecords, records: [only = { id: '', createdTime: '', fields: {} }] }) => ({
        ...only,
        created: createdRecords.includes(only.id),
      }),
      sample: {
        input: { ...sample, fields: { Order: '1042', Status: 'Refunded' }, mergeOn: ['Order'] },
        output: { ...sampleRecord, fields: { Order: '1042', Status: 'Refunded' }, created: false },
      },
    }),
    'records.change': airtable.call('PATCH /v0/{base}/{table}/{record}', {
      title: 'Change a record',
      description: 'Sets the given fields; the others stay.',
      scopes: ['records.write'],
      effect: { class: 'natural' },
      input: z.strictObject({ ...place, record, fields, typecast: typecast.optional() }),
      directs: ['base', 'table'],
      classes: { ...placeClasses, record: 'internal', typecast: 'public' },
      outputClasses: recordClasses,
      output: recordSchema,
      sample: {
        input: { ...sample, record: 'recZ3YqSample0001', fields: { Status: 'Shipped' } },
        output: { ...sampleRecord, fields: { Order: '1042', Status: 'Shipped' } },
      },
    }),
    'records.get': airtable.call('GET /v0/{base}/{table}/{record}', {
      title: 'Read a record',
      description: 'One record by its id.',
      scopes: ['records.read'],
      input: z.strictObject({ ...place, record }),
      classes: { ...placeClasses, record: 'internal' },
      outputClasses: recordClasses,
      output: recordSchema,
      sample: { input: { ...sample, record: 'recZ3YqSample0001' }, output: sampleRecord },
    }),
    'records.list': airtable.list('GET /v0/{base}/{table}', {
      title: 'List records',
      description: 'Those that a view shows or a formula names.',
      scopes: ['records.read'],
      input: z.strictObject({
        ...place,
        view: field.text('View', 'Its name or id.').optional(),
        filterByFormula: field
          .text(
            'Formula',
            '{Status} = "Paid". A value that comes from outside can end the text it stands in: leave it out, or check it first.',
          )
          .optional(),
      }),
      classes: { ...placeClasses, view: 'internal' },
      pages: { by: 'cursor', parameter: 'offset', next: 'offset', size: { parameter: 'pageSize', most: 100 } },
      items: 'records',
      item: recordSchema,
      sample: { input: sample, items: [sampleRecord] },
    }),
    'records.delete': airtable.call('DELETE /v0/{base}/{table}/{record}', {
      title: 'Delete a record',
      description: 'It stays in the base’s bin for a week. None is an answer, not a failure.',
      scopes: ['records.delete'],
      effect: { class: 'natural' },
      input: z.strictObject({ ...place, record }),
      directs: ['base', 'table'],
      classes: { ...placeClasses, record: 'internal' },
      reply: z.object({ deleted: z.literal(true) }),
      output: z.object({ found: z.boolean() }),
      outputClasses: { found: 'internal' },
      read: () => ({ found: true }),
      absent: { found: false },
      sample: { input: { ...sample, record: 'recZ3YqSample0001' }, output: { found: true } },
    }),
    'bases.list': airtable.list('GET /v0/meta/bases', {
      title: 'List bases',
      description: 'Those that the token reaches.',
      scopes: ['bases.read'],
      input: z.strictObject({}),
      outputClasses: { items: 'internal' },
      pages: { by: 'cursor', parameter: 'offset', next: 'offset' },
      items: 'bases',
      item: z.object({ id: z.string(), name: z.string(), permissionLevel: z.string() }),
      sample: { input: {}, items: [{ id: 'appZ3YqSample0001', name: 'Shop', permissionLevel: 'create' }] },
    }),
    'tables.list': airtable.call('GET /v0/meta/bases/{base}/tables', {
      title: 'List tables',
      description: 'Those of a base.',
      scopes: ['bases.read'],
      input: z.strictObject({ base }),
      classes: { base: 'internal' },
      outputClasses: { items: 'internal' },
      reply: z.object({ tables: z.array(z.object({ id: z.string(), name: z.string() })) }),
      output: z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) }),
      read: ({ tables }) => ({ items: tables }),
      sample: { input: { base: sample.base }, output: { items: [{ id: sample.table, name: 'Orders' }] } },
    }),
  },
  triggers: {},
});
