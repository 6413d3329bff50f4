import { field } from '@sluice/shared/connector';
import { z } from 'zod';
import { hubspot } from '../connector.js';
import {
  linksTo,
  objectId,
  objectSchema,
  otherProperties,
  searchPages,
  toProperties,
  whereBody,
  whereFields,
} from '../fields.js';

const names = ['dealname', 'amount', 'pipeline', 'dealstage', 'closedate', 'hubspot_owner_id'] as const;
const deal = objectId('Deal');
const about = {
  amount: field.number('Amount', 'In the currency of the deal or the account.').optional(),
  pipeline: field
    .pick('Pipeline', { action: 'pipelines.list', value: 'id', label: 'label' }, 'default: the first one.')
    .optional(),
  dealstage: field
    .pick('Stage', { action: 'stages.list', value: 'id', label: 'label', input: { pipeline: 'pipeline' } })
    .optional(),
  closedate: field.date('Close date').optional(),
  hubspot_owner_id: objectId('Owner', 'Their id, as List owners gives it.').optional(),
  properties: otherProperties,
};
const classes = {
  amount: 'internal',
  pipeline: 'internal',
  dealstage: 'internal',
  closedate: 'internal',
  hubspot_owner_id: 'internal',
} as const;
const outputClasses = { id: 'internal' } as const;
const sample = {
  id: '301',
  properties: { dealname: 'Order 1042', amount: '129', pipeline: 'default', dealstage: 'appointmentscheduled' },
};

export const createDeal = hubspot.call('POST /crm/v3/objects/deals', {
  title: 'Create a deal',
  description: 'In a stage of a pipeline, linked to a contact or company. HubSpot drops no repeats.',
  scopes: ['deals.write'],
  effect: { class: 'unsafe' },
  input: z.strictObject({
    dealname: field.text('Name'),
    ...about,
    contact: objectId('Contact', 'Its id: the deal is linked to it.').optional(),
    company: objectId('Company', 'Its id: the deal is linked to it.').optional(),
  }),
  classes: { ...classes, contact: 'internal', company: 'internal' },
  outputClasses,
  body: ({ contact, company, ...rest }) => ({
    properties: toProperties(rest),
    associations: linksTo([
      { to: contact, type: 3 },
      { to: company, type: 341 },
    ]),
  }),
  output: objectSchema,
  sample: {
    input: {
      dealname: 'Order 1042',
      amount: 129,
      pipeline: 'default',
      dealstage: 'appointmentscheduled',
      contact: '100',
    },
    output: sample,
  },
});

export const changeDeal = hubspot.call('PATCH /crm/v3/objects/deals/{deal}', {
  title: 'Change a deal',
  description: 'Sets what is given, such as its stage; the rest stays.',
  scopes: ['deals.write'],
  effect: { class: 'natural' },
  input: z.strictObject({ deal, dealname: field.text('Name').optional(), ...about }),
  classes: { deal: 'internal', ...classes },
  outputClasses,
  body: ({ deal: _, ...rest }) => ({ properties: toProperties(rest) }),
  output: objectSchema,
  sample: {
    input: { deal: '201', pipeline: 'default', dealstage: 'closedwon' },
    output: { id: '201', properties: { pipeline: 'default', dealstage: 'closedwon' } },
  },
});

export const getDeal = hubspot.call('GET /crm/v3/objects/deals/{deal}', {
  title: 'Read a deal',
  description: 'Its name, amount, pipeline, stage, close date and owner. Finding none is an answer.',
  scopes: ['deals.read'],
  input: z.strictObject({
    deal,
    properties: z
      .array(z.string().regex(/^[a-z0-9_]+$/, 'a property’s internal name'))
      .min(1)
      .max(100)
      .default([...names])
      .meta({ title: 'Properties', description: 'By internal name.' }),
  }),
  classes: { deal: 'internal', properties: 'internal' },
  outputClasses: { found: 'internal', 'deal.id': 'internal' },
  reply: objectSchema,
  output: z.object({ found: z.boolean(), deal: objectSchema.nullable() }),
  read: (reply) => ({ found: true, deal: reply }),
  absent: { found: false, deal: null },
  sample: { input: { deal: '201' }, output: { found: true, deal: { ...sample, id: '201' } } },
});

export const findDeals = hubspot.list('POST /crm/v3/objects/deals/search', {
  title: 'Find deals',
  description: 'Those with a property of exactly this value. What changed a moment ago may not be found yet.',
  scopes: ['deals.read'],
  input: z.strictObject(whereFields),
  classes: { property: 'internal' },
  outputClasses: { 'items.id': 'internal' },
  body: whereBody(names),
  pages: searchPages(),
  items: 'results',
  item: objectSchema,
  sample: { input: { property: 'pipeline', value: 'default' }, items: [{ ...sample, id: '201' }] },
});

export const linkDeal = hubspot.call('PUT /crm/v4/objects/deals/{deal}/associations/default/contacts/{contact}', {
  title: 'Link a contact and a deal',
  description: 'A link that is there stays as it is.',
  scopes: ['deals.write', 'contacts.write'],
  effect: { class: 'natural' },
  input: z.strictObject({ deal, contact: objectId('Contact') }),
  classes: { deal: 'internal', contact: 'internal' },
  outputClasses: { status: 'public' },
  output: z.object({ status: z.literal('COMPLETE') }),
  sample: { input: { deal: '201', contact: '100' }, output: { status: 'COMPLETE' } },
});

const placeSchema = z.object({ id: z.string(), label: z.string() });

export const listPipelines = hubspot.call('GET /crm/v3/pipelines/deals', {
  title: 'List pipelines of deals',
  description: 'All of the account: HubSpot gives them at once.',
  scopes: ['deals.read'],
  input: z.strictObject({}),
  outputClasses: { items: 'internal' },
  reply: z.object({ results: z.array(placeSchema) }),
  output: z.object({ items: z.array(placeSchema) }),
  read: ({ results }) => ({ items: results }),
  sample: { input: {}, output: { items: [{ id: 'default', label: 'Sales pipeline' }] } },
});

export const listStages = hubspot.call('GET /crm/v3/pipelines/deals/{pipeline}/stages', {
  title: 'List stages of a pipeline',
  description: 'All of them, by the pipeline’s id.',
  scopes: ['deals.read'],
  input: z.strictObject({
    pipeline: field.pick('Pipeline', { action: 'pipelines.list', value: 'id', label: 'label' }),
  }),
  classes: { pipeline: 'internal' },
  outputClasses: { items: 'internal' },
  reply: z.object({ results: z.array(placeSchema) }),
  output: z.object({ items: z.array(placeSchema) }),
  read: ({ results }) => ({ items: results }),
  sample: {
    input: { pipeline: 'default' },
    output: {
      items: [
        { id: 'appointmentscheduled', label: 'Appointment scheduled' },
        { id: 'closedwon', label: 'Closed won' },
      ],
    },
  },
});

export const listOwners = hubspot.list('GET /crm/v3/owners', {
  title: 'List owners',
  description: 'The people to whom deals and contacts may belong.',
  scopes: ['owners.read'],
  input: z.strictObject({ email: field.email().optional() }),
  outputClasses: { 'items.id': 'internal' },
  pages: { by: 'cursor', parameter: 'after', next: 'paging.next.after', size: { parameter: 'limit', most: 500 } },
  items: 'results',
  item: z.object({
    id: z.string(),
    email: z.string().nullish(),
    firstName: z.string().optional(),
    lastName: z.string().optional(),
  }),
  sample: { input: {}, items: [{ id: '41', email: 'sales1@example.com', firstName: 'Sam', lastName: 'Sales' }] },
});
