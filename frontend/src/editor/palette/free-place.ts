import { type Edge, type Graph, portsOf, stepsAfter } from '@sluice/shared/flow';
import { frameInset, keptInside, type Point, type Size } from '../canvas/frame.js';
import { labelledGap, rowGap, snap } from '../canvas/layout.js';
import type { PlacedStep } from '../canvas/place-steps.js';

/* Where a new step goes among those of its level. Pure. */

/** One level of a flow with where its steps stand. */
export interface PlacedLevel {
  /** The container; null for the flow itself. */
  id: string | null;
  graph: Graph;
  placed: ReadonlyMap<string, PlacedStep>;
}

/** Below a step, on its middle line; at the start of the level where there is none. */
export function placeBelow(level: PlacedLevel, stepId: string | undefined, size: Size): Point {
  const box = level.placed.get(stepId ?? '');
  if (box === undefined) return level.id === null ? [0, 0] : [frameInset.side, frameInset.top];
  const step = level.graph.steps.find(({ id }) => id === stepId);
  const gap = step !== undefined && portsOf(step).length > 1 ? labelledGap : rowGap;
  return [box.at[0] + (box.size.width - size.width) / 2, box.at[1] + box.size.height + gap];
}

/** The wanted place on the grid, or the next one to the right of what is in the way. */
export function freePlace(level: PlacedLevel, wanted: Point, size: Size): [number, number] {
  const boxes = level.graph.steps.flatMap(({ id }) => level.placed.get(id) ?? []);
  const air = 10;
  const at = onGrid(level, wanted);
  const isInTheWay = ({ at: [x, y], size: { width, height } }: PlacedStep) =>
    x < at[0] + size.width + air &&
    at[0] < x + width + air &&
    y < at[1] + size.height + air &&
    at[1] < y + height + air;
  for (let other = boxes.find(isInTheWay); other !== undefined; other = boxes.find(isInTheWay)) {
    at[0] = snap(other.at[0] + other.size.width + 20);
  }
  return at;
}

/** Between the two ends of a wire; what comes after moves down where there is no room. */
export function placeOnWire(
  level: PlacedLevel,
  wire: Edge,
  size: Size,
): { at: [number, number]; shifted: Record<string, [number, number]> } {
  const below = placeBelow(level, wire.from, size);
  const next = level.placed.get(wire.to);
  const [nextX, nextY] = next?.at ?? [0, 0];
  const x = next === undefined ? below[0] : nextX + (next.size.width - size.width) / 2;
  const at = onGrid(level, [x, below[1]]);
  const missing = at[1] + size.height + rowGap - nextY;
  if (missing <= 0) return { at, shifted: {} };
  const following = [wire.to, ...stepsAfter(level.graph, wire.to)];
  const shifted = following.flatMap((id): [string, [number, number]][] => {
    const [left, top] = level.placed.get(id)?.at ?? [0, 0];
    return top >= nextY ? [[id, [left, snap(top + missing)]]] : [];
  });
  return { at, shifted: Object.fromEntries(shifted) };
}

function onGrid(level: PlacedLevel, [x, y]: Point): [number, number] {
  const at: [number, number] = [snap(x), snap(y)];
  return level.id === null ? at : keptInside(at);
}
