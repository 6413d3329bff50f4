import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aFlow, arbitraryFlow, aTrigger } from '../../test/a-flow.js';
import { everyStep, findCycle, stepsAfter, stepsBefore, topologicalOrder } from './graph.js';

function transforms(...ids: string[]) {
  return ids.map((id) => ({ id, kind: 'transform' }));
}

describe('walks over a flow', () => {
  it('names the steps of a circle in the order they follow each other, and no step outside of it', () => {
    const flow = aFlow({
      steps: transforms('start', 'a', 'b', 'c', 'behind'),
      edges: ['start -> a', 'a -> b', 'b -> c', 'c -> a', 'c -> behind'],
    });

    const cycle = findCycle(flow) ?? [];

    expect([...cycle, ...cycle].join(' ')).toContain('a b c');
    expect(cycle).toHaveLength(3);
  });

  it('finds a step that leads to itself', () => {
    expect(findCycle(aFlow({ steps: transforms('a'), edges: ['a -> a'] }))).toEqual(['a']);
  });

  it('walks forwards and backwards along edges', () => {
    const flow = aFlow({ steps: transforms('a', 'b', 'c', 'd'), edges: ['a -> b', 'b -> c', 'd -> c'] });

    expect([...stepsAfter(flow, 'a')]).toEqual(['b', 'c']);
    expect([...stepsBefore(flow, 'c')]).toEqual(['b', 'd', 'a']);
  });

  it('puts each step after all it depends on, and finds no circle (any flow without one)', () => {
    fc.assert(
      fc.property(arbitraryFlow, (flow) => {
        const order = topologicalOrder(flow);

        expect(order.toSorted()).toEqual(flow.steps.map((step) => step.id).toSorted());
        for (const edge of flow.edges) expect(order.indexOf(edge.from)).toBeLessThan(order.indexOf(edge.to));
        expect(findCycle(flow)).toBeNull();
      }),
    );
  });

  it('finds the circle that one edge backwards closes (any flow)', () => {
    fc.assert(
      fc.property(arbitraryFlow, fc.nat(), (flow, pick) => {
        fc.pre(flow.edges.length > 0);
        const edge = flow.edges[pick % flow.edges.length];
        fc.pre(edge !== undefined);
        const cycle = findCycle({ ...flow, edges: [...flow.edges, { from: edge.to, to: edge.from }] }) ?? [];

        expect(cycle).toEqual(expect.arrayContaining([edge.from, edge.to]));
      }),
    );
  });

  it('ignores edges to steps that are not there', () => {
    const flow = aFlow({ steps: transforms('a', 'b'), edges: ['gone -> a', 'a -> b', 'b -> lost'] });

    expect(topologicalOrder(flow)).toEqual(['a', 'b']);
    expect(findCycle(flow)).toBeNull();
  });

  it('goes through steps inside containers', () => {
    const flow = aFlow({
      steps: [
        aTrigger,
        { id: 'lines', kind: 'forEach', items: { $: 'trigger.body' }, steps: transforms('line'), edges: [] },
      ],
    });

    expect([...everyStep(flow)].map((step) => step.id)).toEqual(['paid', 'lines', 'line']);
  });
});
