import type { RunStep } from '@sluice/shared/api';
import { type Edge, type Graph, isContainer, portOf, type Step } from '@sluice/shared/flow';
import { edgeId } from './canvas-ids.js';
import { cardPort } from './group-view.js';
import { cardsOf } from './place-groups.js';
import { refusedWires } from './refused-wires.js';
import type { CanvasInput, Wire, WireTone } from './to-canvas.js';

/** The wires of every level that is drawn. Those of folded steps end at the card of their group. */
export function* wiresOf(input: CanvasInput, selected: ReadonlySet<string>): Generator<Wire> {
  const cards = cardsOf(input.document, input.folded);
  const refused = refusedWires(input.document, input.problems);
  yield* wiresIn(input.document, null);

  function* wiresIn(graph: Graph, level: string | null): Generator<Wire> {
    const known = new Map(graph.steps.map((step) => [step.id, step]));
    for (const edge of graph.edges) {
      const from = known.get(edge.from);
      if (from === undefined || !known.has(edge.to)) continue;
      const wire = wireOf(edge, { from, level, run: input.run, selected, refused, cards });
      if (wire.source !== wire.target) yield wire;
    }
    for (const step of graph.steps) {
      if (isContainer(step) && !input.folded.has(step.id) && !cards.has(step.id)) yield* wiresIn(step, step.id);
    }
  }
}

interface WireAround {
  from: Step;
  level: string | null;
  run: CanvasInput['run'];
  selected: ReadonlySet<string>;
  refused: ReturnType<typeof refusedWires>;
  cards: ReadonlyMap<string, string>;
}

function wireOf(edge: Edge, around: WireAround): Wire {
  const { level, selected } = around;
  const id = edgeId(edge);
  const port = portOf(edge);
  const [source, target] = [around.cards.get(edge.from), around.cards.get(edge.to)];
  // What a wire is for, where a step has several ways out.
  const held = around.refused.get(id);
  const label = port === 'next' ? (held ?? null) : port;
  return {
    id,
    type: 'wire',
    source: source ?? edge.from,
    sourceHandle: source === undefined ? port : cardPort(edge),
    target: target ?? edge.to,
    data: {
      tone:
        held !== undefined
          ? 'refused'
          : toneOf(edge, {
              ...around,
              isLit: [id, edge.from, edge.to, source, target].some((end) => end !== undefined && selected.has(end)),
            }),
      label,
      level,
    },
    selected: selected.has(id),
    ariaLabel: `Wire from ${edge.from}${port === 'next' ? '' : ` (${port})`} to ${edge.to}${held === undefined ? '' : `, carries ${held} data where it may not go`}`,
  };
}

function toneOf(edge: Edge, wire: { from: Step; run: CanvasInput['run']; isLit: boolean }): WireTone {
  if (wire.run !== null) return runTone(edge, wire.run);
  if (wire.from.disabled) return 'off';
  if (portOf(edge) === 'error') return 'error';
  return wire.isLit ? 'selected' : 'idle';
}

function runTone(edge: Edge, run: ReadonlyMap<string, RunStep>): WireTone {
  const [from, to] = [run.get(edge.from), run.get(edge.to)];
  if (from === undefined) return 'idle';
  if (from.status === 'skipped' || (from.endedAt !== null && from.port !== portOf(edge))) return 'dead';
  if (from.endedAt === null) return 'idle';
  if (to?.status === 'running') return 'carrying';
  return to?.status === 'skipped' ? 'dead' : 'taken';
}
