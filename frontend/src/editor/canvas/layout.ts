import dagre from '@dagrejs/dagre';
import { type FlowDocument, portsOf } from '@sluice/shared/flow';

export const stepSize = { width: 230, height: 48 } as const;
export const gridSize = 20;

export type Point = readonly [x: number, y: number];

export function snap(value: number): number {
  return Math.round(value / gridSize) * gridSize;
}

/** Places for every step, from top to bottom along the flow, on the grid. */
export function layOut(document: FlowDocument): Record<string, [number, number]> {
  if (document.steps.length === 0) return {};
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 50, ranksep: 32, edgesep: 20 });
  for (const step of document.steps) graph.setNode(step.id, { ...stepSize });
  const known = new Set(document.steps.map(({ id }) => id));
  for (const edge of document.edges) {
    if (known.has(edge.from) && known.has(edge.to)) graph.setEdge(edge.from, edge.to, {}, `${edge.port ?? 'next'}`);
  }
  dagre.layout(graph);
  const centres = document.steps.map(({ id }) => ({ id, x: Number(graph.node(id).x), y: Number(graph.node(id).y) }));
  const rows = rowsOf(document, centres);
  const turn = isMirrored(document, new Map(centres.map(({ id, x }) => [id, x]))) ? -1 : 1;
  const left = Math.min(...centres.map(({ x }) => x * turn));
  return Object.fromEntries(centres.map(({ id, x, y }) => [id, [snap(x * turn - left), rows.get(y) ?? 0]]));
}

/** The layout knows no ports: whether more steps lie against the order of their ports than along it. */
function isMirrored(document: FlowDocument, x: ReadonlyMap<string, number>): boolean {
  let against = 0;
  for (const step of document.steps) {
    const order = portsOf(step);
    const places = document.edges
      .filter((edge) => edge.from === step.id)
      .toSorted((one, other) => order.indexOf(one.port ?? 'next') - order.indexOf(other.port ?? 'next'))
      .map((edge) => x.get(edge.to) ?? 0);
    places.forEach((place, at) => {
      for (const later of places.slice(at + 1)) against += Math.sign(place - later);
    });
  }
  return against > 0;
}

/** Equal layers, and some air below those whose wires carry a label. */
function rowsOf(document: FlowDocument, centres: readonly { id: string; y: number }[]): Map<number, number> {
  const steps = new Map(document.steps.map((step) => [step.id, step]));
  const layers = [...Map.groupBy(centres, ({ y }) => y)].toSorted(([one], [other]) => one - other);
  const rows = new Map<number, number>();
  let next = 0;
  for (const [y, members] of layers) {
    rows.set(y, next);
    const hasLabels = members.some(({ id }) => {
      const step = steps.get(id);
      return step !== undefined && portsOf(step).length > 1;
    });
    next += hasLabels ? 100 : 80;
  }
  return rows;
}

let latest: { key: string; places: Record<string, Point> } = { key: '', places: {} };

/** The layout of a drawing, computed once while only what is inside of steps changes: 300 steps take a fifth of a second. */
function layOutOnce(document: FlowDocument): Record<string, Point> {
  const steps = document.steps.map((step) => `${step.id}/${portsOf(step).join()}`);
  const key = `${steps.join()} ${document.edges.map(({ from, port, to }) => `${from}:${port}->${to}`).join()}`;
  if (latest.key !== key) latest = { key, places: layOut(document) };
  return latest.places;
}

/** The document's own places; steps without one get theirs from the layout of the whole. */
export function placesOf(document: FlowDocument): Record<string, Point> {
  const missing = document.steps.some(({ id }) => document.layout[id] === undefined);
  const found = missing ? layOutOnce(document) : {};
  return Object.fromEntries(document.steps.map(({ id }) => [id, document.layout[id] ?? found[id] ?? [0, 0]]));
}
