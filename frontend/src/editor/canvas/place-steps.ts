import { type FlowDocument, type Graph, isContainer } from '@sluice/shared/flow';
import { frameAround, type Point, type Size, stepSize } from './frame.js';
import { placesOf } from './layout.js';

/** One step as it is drawn. */
export interface PlacedStep {
  readonly id: string;
  /** From the corner of the container around it. */
  readonly at: Point;
  /** On the canvas. */
  readonly corner: Point;
  readonly size: Size;
  /** The container around it; null for a step of the flow itself. */
  readonly level: string | null;
  /** Whether its inside is drawn. */
  readonly isFrame: boolean;
}

const none: ReadonlySet<string> = new Set();

/** Every step that is drawn, by id; what is inside of a folded container is not. */
export function placeSteps(document: FlowDocument, folded: ReadonlySet<string> = none): Map<string, PlacedStep> {
  const places = placesOf(document);
  const placed = new Map<string, PlacedStep>();
  put(document, { level: null, corner: [0, 0] });
  return placed;

  function put(graph: Graph, around: { level: string | null; corner: Point }): PlacedStep[] {
    return graph.steps.map((step) => {
      const at = places[step.id] ?? [0, 0];
      const corner: Point = [around.corner[0] + at[0], around.corner[1] + at[1]];
      const isFrame = isContainer(step) && !folded.has(step.id);
      const size = isFrame ? frameAround(put(step, { level: step.id, corner })) : stepSize;
      const mine = { id: step.id, at, corner, size, level: around.level, isFrame };
      placed.set(step.id, mine);
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
