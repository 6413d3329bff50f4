import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { aFlow, aTrigger } from '../../test/a-flow.js';
import { contentHash } from './content-hash.js';
import type { FlowDocument } from './document.js';

const flow = aFlow({
  steps: [aTrigger, { id: 'a', kind: 'transform', input: { x: 1, y: 'ü' } }],
  edges: ['paid -> a'],
});
const hash = (document: FlowDocument) => contentHash(document, (data) => createHash('sha256').update(data).digest());

describe('the content hash', () => {
  it('stays the same for other places, notes, groups, key orders and absent keys', () => {
    const moved = {
      ...flow,
      layout: { a: [1, 2] as [number, number] },
      notes: [{ id: 'n', text: 'Hi', at: [0, 0] as [number, number] }],
      groups: [{ id: 'g', title: 'Tidy', colour: 'grey' as const, steps: ['a'] }],
    };
    const turned = Object.fromEntries(Object.entries(flow).reverse());

    expect(hash(flow)).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(hash(moved)).toBe(hash(flow));
    expect(hash({ ...flow, ...turned })).toBe(hash(flow));
    expect(hash({ ...flow, steps: flow.steps.map((step) => ({ ...step, name: undefined })) })).toBe(hash(flow));
  });

  it('changes with everything that means something', () => {
    const others = [
      { ...flow, edges: [] },
      { ...flow, slots: { crm: { connector: 'hubspot' } } },
      { ...flow, settings: { timeoutSeconds: 60 } },
      { ...flow, steps: flow.steps.map((step) => ({ ...step, disabled: true })) },
      { ...flow, steps: flow.steps.toReversed() },
    ];

    expect(new Set([flow, ...others].map(hash)).size).toBe(others.length + 1);
  });
});
