import { type FlowDocument, type Graph, isContainer } from '@sluice/shared/flow';
import { frameAround, type Point, type Size, stepSize } from './frame.js';
import { placesOf } from './layout.js';
import { cardsOf, type PlacedGroup, placeGroups } from './place-groups.js';

/** One step as it is drawn. */
export interface PlacedStep {
  readonly id: string;
  /** From the corner of the container around it. */
  readonly at: Point;
  /** On the canvas. */
  readonly corner: Point;
  readonly size: Size;
  /** How far a folded loop is drawn to the right of its place: on the middle line of its frame. */
  readonly shift: number;
  /** The container around it; null for a step of the flow itself. */
  readonly level: string | null;
  /** Whether its inside is drawn. */
  readonly isFrame: boolean;
}

const none: ReadonlySet<string> = new Set();

/** Every step that is drawn, by id, and the card of a folded group; what is inside of something folded is not. */
export function placeSteps(document: FlowDocument, folded: ReadonlySet<string> = none): Map<string, PlacedStep> {
  return placeDrawing(document, folded).placed;
}

/** As placeSteps, with the groups, folded or not. */
export function placeDrawing(
  document: FlowDocument,
  folded: ReadonlySet<string>,
): { placed: Map<string, PlacedStep>; groups: PlacedGroup[] } {
  const places = placesOf(document);
  const placed = new Map<string, PlacedStep>();
  const cards = cardsOf(document, folded);
  const groups = placeGroups(document, put(document, { level: null, corner: [0, 0], isHidden: false }), folded);
  for (const { id, at, size } of groups.filter(({ isFolded }) => isFolded))
    placed.set(id, { id, at, corner: at, size, shift: 0, level: null, isFrame: false });
  return { placed, groups };

  function put(graph: Graph, around: { level: string | null; corner: Point; isHidden: boolean }): PlacedStep[] {
    return graph.steps.map((step) => {
      const [x, y] = places[step.id] ?? [0, 0];
      const isFrame = isContainer(step) && !folded.has(step.id);
      const isHidden = around.isHidden || cards.has(step.id);
      const inner = { level: step.id, corner: [around.corner[0] + x, around.corner[1] + y] as const };
      const frame = isContainer(step) ? frameAround(put(step, { ...inner, isHidden: isHidden || !isFrame })) : stepSize;
      const size = isFrame ? frame : stepSize;
      const shift = (frame.width - size.width) / 2;
      const mine: PlacedStep = {
        id: step.id,
        at: [x + shift, y],
        corner: [inner.corner[0] + shift, inner.corner[1]],
        size,
        shift,
        level: around.level,
        isFrame,
      };
      if (!isHidden) placed.set(step.id, mine);
      return mine;
    });
  }
}

/** The innermost frame at a point of the canvas; `but` and what is inside of it don't count. */
export function frameAt(placed: ReadonlyMap<string, PlacedStep>, [x, y]: Point, but?: string): PlacedStep | null {
  const inMe = (id: string | null): boolean => id !== null && (id === but || inMe(placed.get(id)?.level ?? null));
  const depth = (level: string | null): number => (level === null ? 0 : 1 + depth(placed.get(level)?.level ?? null));
  const hit = [...placed.values()].filter(
    ({ id, isFrame, corner, size }) =>
      isFrame &&
      !inMe(id) &&
      x >= corner[0] &&
      x <= corner[0] + size.width &&
      y >= corner[1] &&
      y <= corner[1] + size.height,
  );
  return hit.toSorted((one, other) => depth(other.level) - depth(one.level))[0] ?? null;
}
