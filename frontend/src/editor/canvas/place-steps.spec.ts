import { describe, expect, it } from 'vitest';
import { aFlow, aTrigger } from '../../../../shared/test/a-flow.js';
import { frameAt, placeSteps } from './place-steps.js';

const each = { kind: 'forEach', items: { $: 'trigger.body' }, edges: [] };
const flow = aFlow({
  steps: [
    aTrigger,
    { ...each, id: 'outer', steps: [{ ...each, id: 'inner', steps: [{ id: 'deep', kind: 'transform' }] }] },
  ],
  layout: { paid: [0, 0], outer: [100, 80], inner: [20, 60], deep: [20, 60] },
});

describe('where steps stand', () => {
  it('counts from the corner of what is around, and frames are as large as what they hold', () => {
    const placed = placeSteps(flow);
    expect(placed.get('deep')).toMatchObject({ at: [20, 60], corner: [140, 200], level: 'inner' });
    expect(placed.get('inner')?.size).toEqual({ width: 270, height: 128 });
    expect(placed.get('outer')?.size).toEqual({ width: 310, height: 208 });
  });

  it('leaves out what is inside of a folded loop', () => {
    const placed = placeSteps(flow, new Set(['inner']));
    expect(placed.get('inner')).toMatchObject({ isFrame: false, size: { width: 230, height: 48 } });
    // On the middle line of its frame, so that its wires stay where they were.
    expect(placed.get('inner')).toMatchObject({ at: [40, 60], shift: 20 });
    expect(placed.has('deep')).toBe(false);
  });

  it('finds the innermost loop under a point, never the one that is being dragged', () => {
    const placed = placeSteps(flow);
    expect(frameAt(placed, [150, 190])?.id).toBe('inner');
    expect(frameAt(placed, [150, 190], 'inner')?.id).toBe('outer');
    expect(frameAt(placed, [150, 190], 'outer')).toBeNull();
    expect(frameAt(placed, [10, 10])).toBeNull();
  });
});
