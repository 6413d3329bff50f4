import { field } from '@sluice/shared/connector';
import { z } from 'zod';
import { hubspot } from '../connector.js';
import {
  objectId,
  objectSchema,
  otherProperties,
  searchPages,
  toProperties,
  whereBody,
  whereFields,
} from '../fields.js';

const about = {
  domain: field.text('Domain', 'example.com: what HubSpot knows companies by.').optional(),
  phone: field.text('Phone').optional(),
  city: field.text('City').optional(),
  country: field.text('Country').optional(),
  properties: otherProperties,
};
const sample = { id: '401', properties: { name: 'Acme', domain: 'acme.example' } };

export const createCompany = hubspot.call('POST /crm/v3/objects/companies', {
  title: 'Create a company',
  description: 'HubSpot drops no repeats: find the company by its domain first.',
  scopes: ['companies.write'],
  effect: { class: 'unsafe' },
  input: z.strictObject({ name: field.text('Name'), ...about }),
  outputClasses: { id: 'internal' },
  body: (input) => ({ properties: toProperties(input) }),
  output: objectSchema,
  sample: { input: { name: 'Acme', domain: 'acme.example' }, output: sample },
});

export const changeCompany = hubspot.call('PATCH /crm/v3/objects/companies/{company}', {
  title: 'Change a company',
  description: 'Sets what is given; the rest stays.',
  scopes: ['companies.write'],
  effect: { class: 'natural' },
  input: z.strictObject({ company: objectId('Company'), name: field.text('Name').optional(), ...about }),
  classes: { company: 'internal' },
  outputClasses: { id: 'internal' },
  body: ({ company: _, ...rest }) => ({ properties: toProperties(rest) }),
  output: objectSchema,
  sample: {
    input: { company: '201', city: 'Berlin' },
    output: { id: '201', properties: { city: 'Berlin' } },
  },
});

export const findCompanies = hubspot.list('POST /crm/v3/objects/companies/search', {
  title: 'Find companies',
  description: 'Those with a property of exactly this value, such as a domain.',
  scopes: ['companies.read'],
  input: z.strictObject(whereFields),
  classes: { property: 'internal' },
  outputClasses: { 'items.id': 'internal' },
  body: whereBody(['name', 'domain', 'phone', 'city', 'country']),
  pages: searchPages(),
  items: 'results',
  item: objectSchema,
  sample: { input: { property: 'domain', value: 'acme.example' }, items: [{ ...sample, id: '201' }] },
});
