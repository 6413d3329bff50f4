import { computeManifest, flowDocumentSchema } from '@sluice/shared/flow';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../connectors/registry.js';
import { checkBindings } from './bindings.js';

const document = flowDocumentSchema.parse({
  schema: 'sluice.flow/1',
  slots: { crm: { connector: 'hubspot' }, spare: { connector: 'smtp' } },
  steps: [
    { id: 'paid', kind: 'trigger', connector: 'webhook', trigger: 'received' },
    { id: 'keep', kind: 'action', slot: 'crm', action: 'contacts.upsert', input: { email: 'a@example.com' } },
  ],
  edges: [],
});
const version = { document, manifest: computeManifest(document, catalogue) };
const crm = { id: 'con_1', connector: 'hubspot', hosts: [], isRevoked: false };
const check = (bindings: Record<string, string>, connections = [crm]) =>
  checkBindings(version, bindings, { connections, environment: 'staging' });

describe('checkBindings', () => {
  it('is content when each slot that is used has its connection; a slot that nothing uses may stay open', () => {
    expect(check({ crm: 'con_1' })).toEqual([]);
    expect(check({ crm: 'con_1', spare: 'con_2' }, [crm, { ...crm, id: 'con_2', connector: 'smtp' }])).toEqual([]);
  });

  it.each([
    ['F17: no binding at all', {}, [crm], 'bindings.crm', 'needs a hubspot connection of staging'],
    [
      'F6: a connection that is not one of this place',
      { crm: 'con_foreign' },
      [crm],
      'bindings.crm',
      'staging has no such connection',
    ],
    ['a revoked one', { crm: 'con_1' }, [{ ...crm, isRevoked: true }], 'bindings.crm', 'revoked'],
    [
      'one of another connector',
      { crm: 'con_1' },
      [{ ...crm, connector: 'stripe' }],
      'bindings.crm',
      'this one is for stripe',
    ],
    [
      'a slot that is none',
      { crm: 'con_1', constructor: 'con_1' },
      [crm],
      'bindings.constructor',
      'no slot constructor',
    ],
  ] satisfies [string, Record<string, string>, (typeof crm)[], string, string][])(
    'names %s',
    (_, bindings, connections, path, says) => {
      expect(check(bindings, connections)).toEqual([{ path, message: expect.stringContaining(says) }]);
    },
  );
});
