import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Box, routeWire } from './route.js';

/** Corners and ends of a path, in order. */
function pointsOf(path: string): { x: number; y: number }[] {
  return [...path.matchAll(/([MLQ])([\d.eE+-]+) ([\d.eE+-]+)(?: ([\d.eE+-]+) ([\d.eE+-]+))?/g)].map(([, , x, y]) => ({
    x: Number(x),
    y: Number(y),
  }));
}

function crosses(path: string, box: Box): boolean {
  const points = pointsOf(path);
  return points.slice(1).some((to, index) => {
    const from = points[index] ?? to;
    return (
      Math.max(from.x, to.x) > box.x &&
      Math.min(from.x, to.x) < box.x + box.width &&
      Math.max(from.y, to.y) > box.y &&
      Math.min(from.y, to.y) < box.y + box.height
    );
  });
}

const step = (x: number, y: number): Box => ({ x, y, width: 230, height: 48 });

describe('a wire', () => {
  it('goes straight down where nothing is in the way', () => {
    expect(routeWire({ from: { x: 100, y: 48 }, to: { x: 100, y: 80 }, boxes: [] }).path).toBe('M100 48L100 80');
  });

  it('goes around a step between its ends', () => {
    const between = step(0, 100);
    const { path } = routeWire({ from: { x: 115, y: 48 }, to: { x: 115, y: 240 }, boxes: [between] });
    expect(crosses(path, between)).toBe(false);
  });

  it('leaves the error port to the right', () => {
    const own = step(0, 100);
    const { path, label } = routeWire({ from: { x: 230, y: 124 }, to: { x: 400, y: 260 }, side: true, boxes: [own] });
    expect(crosses(path, own)).toBe(false);
    expect(label.y).toBe(124);
  });

  it('never goes through a step, wherever the steps of a flow stand in their rows', () => {
    const columns = fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { maxLength: 5 });
    fc.assert(
      fc.property(
        fc.array(columns, { minLength: 1, maxLength: 6 }),
        fc.nat(5),
        fc.nat(5),
        fc.boolean(),
        (rows, from, to, isUp) => {
          const boxes = rows.flatMap((row, at) => row.map((column) => step(column * 300, (at + 1) * 100)));
          const head = step(from * 300, 0);
          const foot = step(to * 300, (rows.length + 1) * 100);
          const [source, target] = isUp ? [foot, head] : [head, foot];
          const all = [...boxes, head, foot];
          const { path } = routeWire({
            from: { x: source.x + 115, y: source.y + source.height },
            to: { x: target.x + 115, y: target.y },
            boxes: all,
          });
          expect(all.filter((box) => crosses(path, box))).toEqual([]);
        },
      ),
    );
  });
});
