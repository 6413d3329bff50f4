import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aFlow, arbitraryFlow, aTrigger } from '../../../../shared/test/a-flow.js';
import { stepSize } from './frame.js';
import { layOut } from './layout.js';
import { placeDrawing, placeSteps } from './place-steps.js';

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

  it('lays the inside of a loop out first, and then its frame as one box, in line with what comes before and after', () => {
    const each = { kind: 'forEach', items: { $: 'trigger.body' } };
    const inner = { ...each, id: 'inner', steps: [{ id: 'deep', kind: 'transform' }], edges: [] };
    const steps = [{ id: 'one', kind: 'transform' }, inner];
    const flow = aFlow({
      steps: [
        aTrigger,
        { ...each, id: 'outer', steps, edges: [{ from: 'one', to: 'inner' }] },
        { id: 'end', kind: 'stop' },
      ],
      edges: ['paid -> outer', 'outer -> end'],
    });
    const placed = placeSteps({ ...flow, layout: layOut(flow) });
    const box = (id: string) => {
      const { corner: [x, y] = [0, 0], size = stepSize } = placed.get(id) ?? {};
      return { middle: x + size.width / 2, top: y, foot: y + size.height };
    };
    expect(new Set(['paid', 'outer', 'one', 'inner', 'deep', 'end'].map((id) => box(id).middle)).size).toBe(1);
    expect(box('inner').top).toBe(box('one').foot + 32);
    expect(box('outer').foot).toBe(box('inner').foot + 20);
    expect(box('end').top).toBe(box('outer').foot + 32);
  });

  it('keeps the steps of a group together, with room for its frame', () => {
    const ways = ['a', 'b', 'c'];
    const flow = aFlow({
      steps: [
        aTrigger,
        { id: 'big', kind: 'branch', cases: ways.map((port) => ({ port, when: true })) },
        ...ways.flatMap((way) => [
          { id: way, kind: 'transform' },
          { id: `${way}2`, kind: 'transform' },
        ]),
      ],
      edges: ['paid -> big', ...ways.flatMap((way) => [`big:${way} -> ${way}`, `${way} -> ${way}2`])],
      groups: [{ id: 'g', title: 'Pair', steps: ['a', 'c', 'c2'] }],
    });
    const { groups, placed } = placeDrawing({ ...flow, layout: layOut(flow) }, new Set());
    const [left, top, right, foot] = groups.flatMap(({ at: [x, y], size }) => [x, y, x + size.width, y + size.height]);
    const inFrame = [...placed.values()].filter(
      ({ at: [x, y], size }) =>
        x < (right ?? 0) && x + size.width > (left ?? 0) && y < (foot ?? 0) && y + size.height > (top ?? 0) - 12,
    );
    expect(inFrame.map(({ id }) => id).toSorted()).toEqual(['a', 'c', 'c2']);
  });
});
