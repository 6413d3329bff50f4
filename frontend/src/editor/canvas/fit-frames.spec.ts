import { describe, expect, it } from 'vitest';
import { aCatalogue } from '../../../../shared/test/a-catalogue.js';
import { aFlow, aTrigger } from '../../../../shared/test/a-flow.js';
import { fitFrames } from './fit-frames.js';
import { emptyFrame } from './frame.js';
import { toCanvas } from './to-canvas.js';

const each = { kind: 'forEach', items: { $: 'trigger.body' }, edges: [] };
const flow = aFlow({
  steps: [
    aTrigger,
    { ...each, id: 'outer', steps: [{ ...each, id: 'inner', steps: [{ id: 'deep', kind: 'transform' }] }] },
  ],
  layout: { outer: [0, 80], inner: [20, 60], deep: [20, 60] },
});
const { nodes } = toCanvas({
  document: flow,
  catalogue: aCatalogue,
  problems: [],
  manifest: null,
  selection: [],
  folded: new Set(),
  run: null,
});
const heightOf = (drawn: typeof nodes, id: string) => drawn.find((node) => node.id === id)?.height;

describe('frames while something in them is dragged', () => {
  it('grow with it, the one inside and the one around', () => {
    const dragged = nodes.map((node) => (node.id === 'deep' ? { ...node, position: { x: 20, y: 160 } } : node));
    expect(heightOf(nodes, 'inner')).toBe(emptyFrame.height);
    expect(heightOf(fitFrames(dragged), 'inner')).toBe(emptyFrame.height + 100);
    expect(heightOf(fitFrames(dragged), 'outer')).toBe((heightOf(nodes, 'outer') ?? 0) + 100);
  });

  it('stay the same objects where nothing moved', () => {
    expect(fitFrames(nodes)).toEqual(nodes);
    expect(fitFrames(nodes).every((node, at) => node === nodes[at])).toBe(true);
  });
});
