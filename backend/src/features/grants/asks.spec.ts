import { computeManifest, flowDocumentSchema } from '@sluice/shared/flow';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../connectors/registry.js';
import { grantHash } from '../../platform/grant-hash.js';
import { asksOf, covers, isFilledAsBefore } from './asks.js';

const document = flowDocumentSchema.parse({
  schema: 'sluice.flow/1',
  slots: { crm: { connector: 'hubspot' }, books: { connector: 'http' } },
  steps: [
    { id: 'paid', kind: 'trigger', connector: 'webhook', trigger: 'received' },
    { id: 'find', kind: 'action', slot: 'crm', action: 'contacts.find', input: { email: { $: 'trigger.body.email' } } },
    {
      id: 'keep',
      kind: 'action',
      slot: 'crm',
      action: 'contacts.upsert',
      input: { email: { $: 'trigger.body.email' } },
    },
    {
      id: 'book',
      kind: 'action',
      slot: 'books',
      action: 'request',
      input: { method: 'POST', url: 'https://b.example/x' },
    },
  ],
  edges: [],
});
const version = { document, manifest: computeManifest(document, catalogue) };
const bound = {
  flow: 'flw_1',
  version: 'sha256:1',
  environment: 'staging',
  slot: 'crm',
  connector: 'hubspot',
  connectorVersion: 'sha256:c',
  connection: 'con_1',
};

describe('asksOf', () => {
  it('says what a slot needs and which step needs it', () => {
    const asks = asksOf(version, 'crm', { connectionHosts: ['ignored.example'], catalogue });
    expect(asks).toMatchObject({
      scopes: ['contacts.read', 'contacts.write'],
      hosts: ['api.hubapi.com'],
      fields: ['personal:email'],
    });
    expect(asks.steps['scopes contacts.read']).toContain('find');
    expect(asks.steps['scopes contacts.write']).toEqual(['keep']);
    expect(asks.steps['hosts api.hubapi.com']).toEqual(['find', 'keep']);
    expect(asks.steps['fields personal:email']).toEqual(['find', 'keep']);
    expect(asks.calls.every((call) => (asks.steps[`calls ${call}`] ?? []).length === 1)).toBe(true);
  });

  it('names what of the answers comes in, and which step takes it', () => {
    const asks = asksOf(version, 'crm', { connectionHosts: [], catalogue });
    expect(asks.replies).toEqual(expect.arrayContaining(['id', 'properties', 'results.id']));
    expect(asks.steps['replies results.id']).toEqual(['keep']);
    expect(asksOf(version, 'books', { connectionHosts: [], catalogue }).replies).toEqual(['*']);
  });

  it('takes the hosts of the connection where the connector has none of its own', () => {
    expect(asksOf(version, 'books', { connectionHosts: ['z.example', 'b.example:8443'], catalogue }).hosts).toEqual([
      'b.example:8443',
      'z.example',
    ]);
  });
});

describe('grantHash', () => {
  const asks = asksOf(version, 'crm', { connectionHosts: [], catalogue });
  const hash = grantHash(bound, asks);

  it.each(['flow', 'version', 'environment', 'slot', 'connector', 'connectorVersion', 'connection'] as const)(
    'is another for another %s',
    (part) => {
      expect(grantHash({ ...bound, [part]: 'other' }, asks)).not.toBe(hash);
    },
  );

  it.each(['scopes', 'hosts', 'calls', 'fields', 'replies'] as const)('is another for other %s', (part) => {
    expect(grantHash(bound, { ...asks, [part]: [...asks[part], 'other'] })).not.toBe(hash);
  });

  it('is the same for the same, whichever steps need it', () => {
    expect(hash).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(grantHash({ ...bound }, Object.assign({}, asks, { steps: {} }))).toBe(hash);
  });
});

describe('covers', () => {
  const asks = { scopes: ['a'], hosts: ['h'], calls: ['GET /x'], fields: ['personal:email'], replies: ['id'] };
  it.each(['scopes', 'hosts', 'calls', 'fields', 'replies'] as const)('needs every one of the %s', (part) => {
    expect(covers({ ...asks, [part]: [...asks[part], 'more'] }, asks)).toBe(true);
    expect(covers({ ...asks, [part]: [] }, asks)).toBe(false);
  });
});

describe('isFilledAsBefore', () => {
  const seen = asksOf(version, 'crm', { connectionHosts: [], catalogue });
  it('is so for the same sources and for fewer, never for another', () => {
    expect(seen.sources).toEqual({ 'personal:email': ['trigger.body.email'] });
    expect(isFilledAsBefore(seen, seen)).toBe(true);
    expect(isFilledAsBefore(seen, { ...seen, sources: {} })).toBe(true);
    expect(isFilledAsBefore(seen, { ...seen, sources: { 'personal:email': ['trigger.body.iban'] } })).toBe(false);
    expect(isFilledAsBefore({ ...seen, sources: {} }, seen)).toBe(false);
  });
});
