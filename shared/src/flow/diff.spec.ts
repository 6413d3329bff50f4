import { describe, expect, it } from 'vitest';
import { aFlow, aTrigger } from '../../test/a-flow.js';
import { diffDocuments } from './diff.js';

const steps = [aTrigger, { id: 'a', kind: 'transform', input: { x: 1, y: 2 } }, { id: 'b', kind: 'transform' }];
const flow = aFlow({ slots: { crm: { connector: 'hubspot' } }, steps, edges: ['paid -> a', 'a -> b'] });

describe('the difference of two documents', () => {
  it('is nothing for the same meaning drawn elsewhere', () => {
    const redrawn = {
      ...flow,
      layout: { a: [5, 5] as [number, number] },
      edges: [
        { from: 'paid', port: 'next', to: 'a' },
        { from: 'a', to: 'b' },
      ],
    };

    expect(diffDocuments(flow, redrawn)).toEqual({
      steps: { added: [], removed: [], changed: [] },
      edges: { added: [], removed: [] },
      slots: { added: [], removed: [], changed: [] },
      settings: [],
    });
  });

  it('names steps, fields, edges, slots and settings', () => {
    const after = aFlow({
      slots: { crm: { connector: 'salesforce' }, mail: { connector: 'smtp' } },
      steps: [
        aTrigger,
        { id: 'a', kind: 'transform', name: 'Clean', input: { x: 1, y: 3, z: 4 } },
        { id: 'c', kind: 'stop' },
      ],
      edges: ['paid -> a', 'a -> c'],
      settings: { timeoutSeconds: 60 },
    });

    expect(diffDocuments(flow, after)).toEqual({
      steps: { added: ['c'], removed: ['b'], changed: [{ id: 'a', fields: ['name', 'input.z', 'input.y'] }] },
      edges: { added: [{ from: 'a', port: 'next', to: 'c' }], removed: [{ from: 'a', port: 'next', to: 'b' }] },
      slots: { added: ['mail'], removed: [], changed: ['crm'] },
      settings: ['timeoutSeconds'],
    });
  });

  it('sees a step change inside of a container, and moving into it', () => {
    const loop = { id: 'loop', kind: 'forEach', items: { $: 'trigger.body' }, edges: [] };
    const before = aFlow({
      steps: [
        { ...loop, steps: [{ id: 'in', kind: 'transform', input: { x: 1 } }] },
        { id: 'b', kind: 'transform' },
      ],
    });
    const after = aFlow({
      steps: [
        {
          ...loop,
          steps: [
            { id: 'in', kind: 'transform', input: { x: 2 } },
            { id: 'b', kind: 'transform' },
          ],
        },
      ],
    });

    expect(diffDocuments(before, after).steps.changed).toEqual([
      { id: 'in', fields: ['input.x'] },
      { id: 'b', fields: ['inside'] },
    ]);
  });
});
