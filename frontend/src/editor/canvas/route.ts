/** Where steps stand, so that no wire goes through one. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}
export interface Spot {
  x: number;
  y: number;
}

export interface Route {
  /** SVG path with right angles of radius 10. */
  path: string;
  /** Middle of the first stretch across, or of the whole: where a label stands. */
  label: Spot;
  /** Where a plus stands without hiding the label. */
  plus: Spot;
}

const radius = 10;
/** A wire keeps this far from the sides of steps. An error's wire keeps closer, so that it never lies on another. */
const gap = 24;
/** And this far from their heads and feet: half of what lies between two rows. */
const leg = 16;
const sideGap = 14;
const air = 8;

/**
 * A wire from a foot (or from the right side, for `side`) to the head of a step: down, across to a free lane, down,
 * across, down.
 */
export function routeWire(wire: { from: Spot; to: Spot; side?: boolean; boxes: readonly Box[] }): Route {
  const points = pointsOf(wire);
  const clean = withoutRepeats(points);
  return { path: pathThrough(clean), ...marks(clean) };
}

function pointsOf(wire: { from: Spot; to: Spot; side?: boolean; boxes: readonly Box[] }): Spot[] {
  const { from, to, boxes } = wire;
  const room = to.y - from.y;
  const isShort = room >= 0 && room < 2 * leg;
  const enter = wire.side ? to.y - sideGap : isShort ? from.y + room / 2 : to.y - leg;
  const leave = wire.side ? from.y : isShort ? enter : from.y + leg;
  const lane = laneOf({ from, to, leave, enter, boxes, side: wire.side === true });
  return [from, { x: from.x, y: leave }, { x: lane, y: leave }, { x: lane, y: enter }, { x: to.x, y: enter }, to];
}

interface Crossing {
  from: Spot;
  to: Spot;
  leave: number;
  enter: number;
  boxes: readonly Box[];
  side: boolean;
}

/** The nearest x where the long way down meets no step. */
function laneOf(crossing: Crossing): number {
  const { from, to, leave, enter, side } = crossing;
  const [top, bottom] = [Math.min(leave, enter) - air, Math.max(leave, enter) + air];
  // Only steps at the height of the crossing can be in its way: a handful of a large flow.
  const boxes = crossing.boxes.filter((box) => box.y < bottom && box.y + box.height > top);
  const near = side ? [to.x, from.x + sideGap] : [to.x, from.x];
  const length = (x: number) => Math.abs(x - from.x) + Math.abs(x - to.x);
  const around = boxes
    .flatMap((box) => [box.x - gap, box.x + box.width + gap])
    .toSorted((one, other) => length(one) - length(other));
  const best = [...near, ...around].find((x) => (!side || x >= from.x + sideGap) && isFree(x, { ...crossing, boxes }));
  return best ?? (side ? Math.max(to.x, from.x + sideGap) : to.x);
}

function isFree(x: number, { from, to, leave, enter, boxes }: Crossing): boolean {
  return !boxes.some(
    (box) =>
      isHit(box, { x1: x, x2: x, y1: leave, y2: enter }) ||
      isHit(box, { x1: from.x, x2: x, y1: leave, y2: leave }) ||
      isHit(box, { x1: x, x2: to.x, y1: enter, y2: enter }),
  );
}

function isHit(box: Box, line: { x1: number; x2: number; y1: number; y2: number }): boolean {
  return (
    Math.max(line.x1, line.x2) > box.x - air &&
    Math.min(line.x1, line.x2) < box.x + box.width + air &&
    Math.max(line.y1, line.y2) > box.y - air &&
    Math.min(line.y1, line.y2) < box.y + box.height + air
  );
}

/** Without points on the way between their neighbours. */
function withoutRepeats(points: readonly Spot[]): Spot[] {
  const distinct = points.filter((point, at) => at === 0 || !isSame(point, points[at - 1]));
  return distinct.filter((point, at) => {
    const [before, after] = [distinct[at - 1], distinct[at + 1]];
    if (before === undefined || after === undefined) return true;
    return !((before.x === point.x && point.x === after.x) || (before.y === point.y && point.y === after.y));
  });
}

function isSame(one: Spot, other: Spot | undefined): boolean {
  return other !== undefined && one.x === other.x && one.y === other.y;
}

function pathThrough(points: readonly Spot[]): string {
  return points
    .map((point, at) => {
      const [before, after] = [points[at - 1], points[at + 1]];
      if (before === undefined) return `M${point.x} ${point.y}`;
      if (after === undefined) return `L${point.x} ${point.y}`;
      const bend = Math.min(radius, distance(before, point) / 2, distance(point, after) / 2);
      const [start, end] = [towards(point, before, bend), towards(point, after, bend)];
      return `L${start.x} ${start.y}Q${point.x} ${point.y} ${end.x} ${end.y}`;
    })
    .join('');
}

function distance(one: Spot, other: Spot): number {
  return Math.abs(one.x - other.x) + Math.abs(one.y - other.y);
}

function towards(from: Spot, to: Spot, by: number): Spot {
  return { x: from.x + Math.sign(to.x - from.x) * by, y: from.y + Math.sign(to.y - from.y) * by };
}

function marks(points: readonly Spot[]): { label: Spot; plus: Spot } {
  const stretches = points.slice(1).map((end, at) => ({ start: points[at] ?? end, end }));
  const across = stretches.find(({ start, end }) => start.y === end.y && Math.abs(start.x - end.x) > 40);
  const longest = stretches.reduce((best, each) =>
    distance(each.start, each.end) > distance(best.start, best.end) ? each : best,
  );
  const last = stretches.at(-1) ?? longest;
  const label = middle(across ?? longest);
  return { label, plus: across === undefined ? label : middle(across === longest ? last : longest) };
}

function middle({ start, end }: { start: Spot; end: Spot }): Spot {
  return { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 };
}
