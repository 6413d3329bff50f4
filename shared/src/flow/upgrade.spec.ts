import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aFlow, aTrigger } from '../../test/a-flow.js';
import { readDocument } from './upgrade.js';

const flow = aFlow({ steps: [aTrigger] });

describe('reading a document', () => {
  it('fills in defaults', () => {
    expect(readDocument({ schema: 'sluice.flow/1', steps: [aTrigger] })).toEqual({ document: flow });
  });

  it.each([
    [{ schema: 'sluice.flow/7' }, ['schema'], 'newer Sluice'],
    [{ schema: 'n8n' }, ['schema'], 'no flow document'],
    [{ steps: [] }, ['schema'], 'says its schema'],
    [{ schema: '__proto__' }, ['schema'], 'no flow document'],
    [[], [], 'JSON object'],
    [{ ...flow, stepz: [] }, ['stepz'], 'not known'],
    [{ ...flow, steps: [{ ...aTrigger, credentialId: 'con_1' }] }, ['steps', 0, 'credentialId'], 'not known'],
    [{ ...flow, steps: [{ id: 'a', kind: 'magic' }] }, ['steps', 0, 'kind'], 'no such kind'],
    [{ ...flow, steps: [{ id: '1a', kind: 'transform' }] }, ['steps', 0, 'id'], 'a step id is'],
    [{ ...flow, steps: [{ id: 'a', kind: 'filter', when: { $: '' } }] }, ['steps', 0, 'when', '$'], 'Too small'],
  ])('refuses %j and says where and why', (json, path, words) => {
    expect(readDocument(json)).toEqual({ issues: [{ path, message: expect.stringContaining(words) }] });
  });

  it('refuses hostile nesting instead of running out of stack', () => {
    let input: unknown = 'x';
    for (let i = 0; i < 50_000; i += 1) input = [input];

    expect(readDocument({ ...flow, steps: [{ id: 'a', kind: 'transform', input: { input } }] })).toHaveProperty(
      'issues',
    );
  });

  it('answers for any JSON, and reads what it has read the same way', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.jsonValue(), fc.record({ schema: fc.constant('sluice.flow/1'), steps: fc.jsonValue() })),
        (json) => {
          const result = readDocument(json);
          if ('document' in result) expect(readDocument(result.document)).toEqual(result);
          else expect(result.issues.length).toBeGreaterThan(0);
        },
      ),
    );
  });
});
