import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RecordedUse, unusedOf } from './unused.js';

const allows = {
  scopes: ['contacts.read', 'contacts.write', 'deals.write'],
  hosts: ['api.hubapi.com', 'old.hubapi.com'],
  calls: ['ANY /v3/*', 'POST /contacts', 'POST /deals'],
  fields: ['personal:email', 'payment:amount'],
  replies: [],
};
const asks = {
  ...allows,
  steps: {
    'calls POST /contacts': ['keep'],
    'calls POST /deals': ['deal'],
    'scopes contacts.read': ['changed'],
    'scopes contacts.write': ['keep'],
    'scopes deals.write': ['deal'],
  },
};
const use: RecordedUse = {
  call: 'POST /contacts',
  host: 'api.hubapi.com',
  scopes: ['contacts.write'],
  fields: ['personal:email'],
  calls: 7,
  lastUsedAt: 1000,
};
const past = [{ allows, since: 100 }];

describe('unusedOf', () => {
  it('lists exactly what no call needed, and counts that the smaller grant refuses none', () => {
    const found = unusedOf({ allows, asks }, { uses: [use], past, from: 500 });
    expect(found.unused.map(({ kind, value }) => `${kind} ${value}`)).toEqual([
      'scopes deals.write',
      'hosts old.hubapi.com',
      'calls ANY /v3/*',
      'calls POST /deals',
      'fields payment:amount',
    ]);
    expect(found).toMatchObject({
      calls: 7,
      wouldHaveRefused: 0,
      smaller: { scopes: ['contacts.read', 'contacts.write'] },
    });
  });

  it('tells when a part was used last before that time, and counts no call of then', () => {
    const found = unusedOf({ allows, asks }, { uses: [{ ...use, lastUsedAt: 400 }], past, from: 500 });
    expect(found.unused).toContainEqual({ kind: 'scopes', value: 'contacts.write', lastUsedAt: 400 });
    expect(found.calls).toBe(0);
  });

  it('judges nothing that was allowed for a shorter time', () => {
    expect(unusedOf({ allows, asks }, { uses: [], past: [{ allows, since: 501 }], from: 500 }).unused).toEqual([]);
  });

  it('knows a call by any method', () => {
    const any = { ...use, call: 'DELETE /v3/*', lastUsedAt: 600 };
    const { unused } = unusedOf({ allows, asks }, { uses: [any], past, from: 500 });
    expect(unused.map(({ value }) => value)).not.toContain('ANY /v3/*');
  });

  it('refuses nothing of what was used, whatever it was', () => {
    const some = (values: string[]) => fc.subarray(values);
    const anyUse = fc.record({
      call: fc.constantFrom('POST /contacts', 'POST /deals', 'GET /v3/*'),
      host: fc.constantFrom(...allows.hosts),
      scopes: some(allows.scopes),
      fields: some(allows.fields),
      calls: fc.integer({ min: 1, max: 9 }),
      lastUsedAt: fc.integer({ min: 1, max: 1000 }),
    });
    fc.assert(
      fc.property(fc.array(anyUse), (uses) => {
        expect(unusedOf({ allows, asks }, { uses, past, from: 500 }).wouldHaveRefused).toBe(0);
      }),
    );
  });
});
