import { wholeReply } from '@sluice/shared/connector';
import { computeManifest } from '@sluice/shared/flow';
import { describe, expect, it } from 'vitest';
import { aCatalogue } from '../../../../shared/test/a-catalogue.js';
import { aFlow, aTrigger } from '../../../../shared/test/a-flow.js';
import { unapprovedOf } from './unapproved.js';

const contact = { id: 'contact', kind: 'action', slot: 'crm', action: 'contacts.upsert' };
const aDrawing = (input: object = {}, catalogue = aCatalogue) => {
  const document = aFlow({
    slots: { crm: { connector: 'hubspot' } },
    steps: [aTrigger, { ...contact, input }],
    edges: ['paid -> contact'],
  });
  return { document, manifest: computeManifest(document, catalogue), catalogue };
};
const allows = {
  scopes: ['contacts.write'],
  hosts: ['api.hubapi.com'],
  calls: ['POST /crm/v3/objects/contacts/batch/upsert'],
  fields: [],
  replies: [wholeReply],
};
const grant = { environment: 'production', slot: 'crm', connector: 'hubspot', connectorVersion: 'sha256:1', allows };
const places = ['production'];
const sentence = (...of: Parameters<typeof unapprovedOf>) => unapprovedOf(...of).steps.get('contact');

describe('what is drawn and not approved', () => {
  it('is nothing where all is allowed, where nothing was asked for yet, and where nobody has to approve', () => {
    const nothing = { steps: new Map(), hosts: new Set(), scopes: new Set() };
    expect(unapprovedOf(aDrawing(), [grant], places)).toEqual(nothing);
    expect(unapprovedOf(aDrawing(), [], places)).toEqual(nothing);
    expect(unapprovedOf(aDrawing(), [{ ...grant, allows: { ...allows, scopes: [] } }], ['staging'])).toEqual(nothing);
  });

  it.each([
    ['scopes', 'contacts.write', { hosts: [], scopes: ['hubspot:contacts.write'] }],
    ['hosts', 'api.hubapi.com', { hosts: ['api.hubapi.com'], scopes: [] }],
    ['calls', 'POST /crm/v3/objects/contacts/batch/upsert', { hosts: [], scopes: [] }],
  ] as const)('says which %s were not, and of the strip what is new there', (kind, missing, { hosts, scopes }) => {
    const narrowed = { ...grant, allows: { ...allows, [kind]: [] } };
    expect(sentence(aDrawing(), [narrowed], places)).toBe(`production has not approved ${missing}`);
    const found = unapprovedOf(aDrawing(), [narrowed], places);
    expect([[...found.hosts], [...found.scopes]]).toEqual([hosts, scopes]);
  });

  it('says so of an answer that may not come in', () => {
    const narrowed = { ...grant, allows: { ...allows, replies: [] } };
    expect(sentence(aDrawing(), [narrowed], places)).toBe('production has not approved all of the answer');
  });

  it('says which fields were not', () => {
    const sends = aDrawing({ email: { $: 'trigger.body.email' } });
    expect(sentence(sends, [grant], places)).toBe('production has not approved email (personal)');
  });

  it('is all of a slot that got another connector, and of an import that declares something else now', () => {
    const other = { ...grant, connector: 'smtp' };
    expect(sentence(aDrawing(), [other], places)).toMatch(/approved contacts\.write, api\.hubapi\.com, POST/);
    const hubspot = aCatalogue['hubspot'];
    if (hubspot === undefined) throw new Error('The catalogue has no hubspot');
    const anew = { ...aCatalogue, hubspot: { ...hubspot, version: 'sha256:2' } };
    expect(sentence(aDrawing({}, anew), [grant], places)).toBe('production has not approved what hubspot declares now');
    expect(sentence(aDrawing({}, anew), [{ ...grant, connectorVersion: 'sha256:2' }], places)).toBeUndefined();
  });
});
