import type { FieldClass } from '@sluice/shared/connector';
import {
  everyLevel,
  everyStep,
  type FlowDocument,
  type FlowProblem,
  type Graph,
  isContainer,
  stepsAfter,
  stepsBefore,
} from '@sluice/shared/flow';
import { edgeId } from './canvas-ids.js';

/** The wires along which data comes to where it may not go, each with its class. */
export function refusedWires(
  document: FlowDocument,
  problems: readonly FlowProblem[],
): ReadonlyMap<string, FieldClass> {
  const wires = new Map<string, FieldClass>();
  for (const { trail = [], class: held } of problems) {
    if (held === undefined) continue;
    const hops = trail.slice(1).map(({ step }, index) => [trail[index]?.step ?? '', step] as const);
    for (const level of everyLevel(document)) {
      for (const [from, to] of hops) for (const id of wiresBetween(level, from, to)) wires.set(id, held);
    }
  }
  return wires;
}

function wiresBetween(level: Graph, from: string, to: string): string[] {
  const [start, end] = [standsAt(level, from), standsAt(level, to)];
  if (start === null || end === null || start === end) return [];
  const [after, before] = [stepsAfter(level, start).add(start), stepsBefore(level, end).add(end)];
  return level.edges.filter((edge) => after.has(edge.from) && before.has(edge.to)).map(edgeId);
}

/** The step of a level that is this one, or holds it. */
function standsAt({ steps }: Graph, id: string): string | null {
  const holds = (step: Graph['steps'][number]) =>
    isContainer(step) && [...everyStep(step)].some((one) => one.id === id);
  return steps.find((step) => step.id === id || holds(step))?.id ?? null;
}
