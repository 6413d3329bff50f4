import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aFlow, arbitraryFlow, aTrigger } from '../../../../shared/test/a-flow.js';
import { layOut, stepSize } from './layout.js';

describe('tidy up', () => {
  it('puts every step on the grid, apart from the others and below what leads to it', () => {
    fc.assert(
      fc.property(arbitraryFlow, (flow) => {
        const places = layOut(flow);
        const all = Object.values(places);
        expect(all.flat().every((value) => value % 20 === 0)).toBe(true);
        for (const [index, [x, y]] of all.entries()) {
          const others = all.slice(index + 1);
          expect(
            others.some(([left, top]) => Math.abs(left - x) < stepSize.width && Math.abs(top - y) < stepSize.height),
          ).toBe(false);
        }
        for (const { from, to } of flow.edges) expect(places[to]?.[1]).toBeGreaterThan(places[from]?.[1] ?? 0);
      }),
      { numRuns: 40 },
    );
  });

  it('lays the ways of a branch from left to right as their ports are', () => {
    const flow = aFlow({
      steps: [
        aTrigger,
        { id: 'big', kind: 'branch', cases: [{ port: 'yes', when: true }] },
        { id: 'no', kind: 'stop' },
        { id: 'yes', kind: 'stop' },
      ],
      edges: ['paid -> big', 'big:else -> no', 'big:yes -> yes'],
    });
    const { yes, no } = layOut(flow);
    expect(yes?.[0]).toBeLessThan(no?.[0] ?? 0);
  });
});
