import dagre from '@dagrejs/dagre';
import {
  everyLevel,
  everyStep,
  type FlowDocument,
  type Graph,
  type Group,
  isContainer,
  portsOf,
} from '@sluice/shared/flow';
import { frameAround, frameInset, type Point, type Size, stepSize } from './frame.js';

export const gridSize = 20;

type Places = Record<string, [number, number]>;

export function snap(value: number): number {
  return Math.round(value / gridSize) * gridSize;
}

/** Between a row of steps and the next; wires that carry a label get some air. */
export const rowGap = 32;
export const labelledGap = 52;

/** Places for every step, from top to bottom along the flow, on the grid. A loop's inside comes first, then its frame as one box; the steps of a group stay together. */
export function layOut(document: FlowDocument): Places {
  const places: Places = {};
  layOutLevel(document, places, [0, 0]);
  return places;
}

/** The flow itself has groups, the inside of a loop none. */
type Level = Graph & { groups?: readonly Group[] };

/** Adds the places of one level and those inside of it; what a frame around it would measure. */
function layOutLevel(graph: Level, places: Places, corner: Point): Size {
  const inner: Point = [frameInset.side, frameInset.top];
  const sizes = new Map(
    graph.steps.map((step): [string, Size] => [
      step.id,
      isContainer(step) ? layOutLevel(step, places, inner) : stepSize,
    ]),
  );
  const boxes = [...layOutBoxes(graph, sizes)].map(([id, [x, y]]) => {
    const at: [number, number] = [x + corner[0], y + corner[1]];
    return { id, at, size: sizes.get(id) ?? stepSize };
  });
  for (const { id, at } of boxes) places[id] = at;
  return frameAround(boxes);
}

/** A step of one level and the middle of where it lies. */
interface Centre {
  id: string;
  x: number;
  y: number;
  size: Size;
}

function layOutBoxes(level: Level, sizes: ReadonlyMap<string, Size>): Map<string, [number, number]> {
  if (level.steps.length === 0) return new Map();
  const { groups = [] } = level;
  const graph = new dagre.graphlib.Graph({ multigraph: true, compound: groups.length > 0 });
  graph.setGraph({ rankdir: 'TB', nodesep: 50, ranksep: rowGap, edgesep: 20 });
  for (const { id } of level.steps) graph.setNode(id, { ...(sizes.get(id) ?? stepSize) });
  for (const { id, steps } of groups) {
    const held = steps.filter((step) => sizes.has(step));
    if (held.length > 0) graph.setNode(`group:${id}`, {});
    for (const step of held) graph.setParent(step, `group:${id}`);
  }
  for (const edge of level.edges) {
    if (sizes.has(edge.from) && sizes.has(edge.to)) graph.setEdge(edge.from, edge.to, {}, `${edge.port ?? 'next'}`);
  }
  dagre.layout(graph);
  const centres = level.steps.map(({ id }): Centre => {
    const { x, y } = graph.node(id);
    return { id, x: Number(x), y: Number(y), size: sizes.get(id) ?? stepSize };
  });
  const rows = rowsOf(level, centres);
  const turn = isMirrored(level, new Map(centres.map(({ id, x }) => [id, x]))) ? -1 : 1;
  const lefts = new Map(centres.map(({ id, x, size }) => [id, x * turn - size.width / 2]));
  const left = Math.min(...lefts.values());
  return new Map(centres.map(({ id, y }) => [id, [snap((lefts.get(id) ?? 0) - left), rows.get(y) ?? 0]]));
}

/** The layout knows no ports: whether more steps lie against the order of their ports than along it. */
function isMirrored(level: Graph, x: ReadonlyMap<string, number>): boolean {
  let against = 0;
  for (const step of level.steps) {
    const order = portsOf(step);
    const places = level.edges
      .filter((edge) => edge.from === step.id)
      .toSorted((one, other) => order.indexOf(one.port ?? 'next') - order.indexOf(other.port ?? 'next'))
      .map((edge) => x.get(edge.to) ?? 0);
    places.forEach((place, at) => {
      for (const later of places.slice(at + 1)) against += Math.sign(place - later);
    });
  }
  return against > 0;
}

/** The tops of the layers, by where their middles lie. */
function rowsOf(level: Level, centres: readonly Centre[]): Map<number, number> {
  const labelled = new Set(level.steps.filter((step) => portsOf(step).length > 1).map(({ id }) => id));
  const layers = [...Map.groupBy(centres, ({ y }) => y)].toSorted(([one], [other]) => one - other);
  const spans = (level.groups ?? []).flatMap(({ steps }) => {
    const ys = centres.filter(({ id }) => steps.includes(id)).map(({ y }) => y);
    return ys.length === 0 ? [] : [{ first: Math.min(...ys), last: Math.max(...ys) }];
  });
  const rows = new Map<number, number>();
  let next = 0;
  for (const [y, members] of layers) {
    if (next > 0 && spans.some(({ first }) => first === y)) next += gridSize;
    rows.set(y, next);
    const height = Math.max(...members.map(({ size }) => size.height));
    next += height + (members.some(({ id }) => labelled.has(id)) ? labelledGap : rowGap);
    if (spans.some(({ last }) => last === y)) next += gridSize;
  }
  return rows;
}

let latest: { key: string; places: Record<string, Point> } = { key: '', places: {} };

/** The layout of a drawing, computed once while only what is inside of steps changes: 300 steps take a fifth of a second. */
function layOutOnce(document: FlowDocument): Record<string, Point> {
  const steps = [...everyStep(document)].map((step) => `${step.id}/${portsOf(step).join()}`);
  const levels = everyLevel(document).map(
    (level) => `${level.steps.length} ${level.edges.map(({ from, port, to }) => `${from}:${port}->${to}`).join()}`,
  );
  const key = `${steps.join()} ${levels.join('|')} ${JSON.stringify(document.groups)}`;
  if (latest.key !== key) latest = { key, places: layOut(document) };
  return latest.places;
}

/** The document's own places; steps without one get theirs from the layout of the whole. Inside of a frame they count from its corner. */
export function placesOf(document: FlowDocument): Record<string, Point> {
  const ids = [...everyStep(document)].map(({ id }) => id);
  const found = ids.some((id) => document.layout[id] === undefined) ? layOutOnce(document) : {};
  return Object.fromEntries(ids.map((id) => [id, document.layout[id] ?? found[id] ?? [0, 0]]));
}
