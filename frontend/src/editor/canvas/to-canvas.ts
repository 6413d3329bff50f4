import type { RunStep } from '@sluice/shared/api';
import type { Catalogue } from '@sluice/shared/connector';
import {
  type Edge,
  type FlowDocument,
  type FlowProblem,
  type Graph,
  isContainer,
  type Manifest,
  portOf,
  type Step,
  topologicalOrder,
} from '@sluice/shared/flow';
import type { Edge as CanvasEdge, Node as CanvasNode } from '@xyflow/react';
import type { RefusingPlace } from '../store/refusing-places.js';
import { edgeId, noteNodeId } from './canvas-ids.js';
import { frameInset } from './frame.js';
import { placeSteps } from './place-steps.js';
import { refusedWires } from './refused-wires.js';
import { type StepView, viewAround, viewStep } from './step-view.js';

export type StepNode = CanvasNode<StepView, 'step'>;
/** A container with its inside drawn. */
export type FrameNode = CanvasNode<StepView, 'frame'>;
export type NoteNode = CanvasNode<{ text: string; author: string | null }, 'note'>;
export type FlowNode = StepNode | FrameNode | NoteNode;

export type WireTone = 'refused' | 'idle' | 'selected' | 'error' | 'off' | 'taken' | 'carrying' | 'dead';
/** `level` is the container that it lies in. */
export type Wire = CanvasEdge<{ tone: WireTone; label: string | null; level: string | null }, 'wire'>;

export interface CanvasInput {
  document: FlowDocument;
  catalogue: Catalogue;
  problems: readonly FlowProblem[];
  manifest: Manifest | null;
  selection: readonly string[];
  /** Containers that are drawn as one step. */
  folded: ReadonlySet<string>;
  /** Step runs by step; null while drawing. */
  run: ReadonlyMap<string, RunStep> | null;
  /** Steps that ask for more than is granted, each with the sentence that says so. */
  unapproved?: ReadonlyMap<string, string>;
  /** Steps that some environments would refuse. */
  refusals?: ReadonlyMap<string, readonly RefusingPlace[]>;
  /** Steps that stand out where two drawings are compared. */
  marks?: ReadonlyMap<string, 'added' | 'removed' | 'changed'>;
}

/** The document as the canvas draws it. Pure; ids are derived and stable. */
export function toCanvas(input: CanvasInput): { nodes: FlowNode[]; wires: Wire[] } {
  const selected = new Set(input.selection);
  return {
    nodes: [...notesOf(input.document, selected), ...stepsOf(input, selected)],
    wires: [...wiresOf(input, selected)],
  };
}

function stepsOf(input: CanvasInput, selected: ReadonlySet<string>): (StepNode | FrameNode)[] {
  const placed = placeSteps(input.document, input.folded);
  const around = viewAround(input);
  return alongTheFlow(input.document).flatMap((step, index): (StepNode | FrameNode)[] => {
    const place = placed.get(step.id);
    if (place === undefined) return [];
    const { level, isFrame } = place;
    const view = viewStep(step, { order: index + 1, level, isFolded: !isFrame }, around);
    const data = withMarks(view, {
      needs: input.unapproved?.get(step.id),
      refused: refusedOf(input.refusals?.get(step.id)),
      mark: input.marks?.get(step.id),
    });
    return [
      {
        id: step.id,
        type: isFrame ? 'frame' : 'step',
        position: { x: place.at[0], y: place.at[1] },
        ...(level !== null && { parentId: level, extent: insideFrame }),
        data,
        selected: selected.has(step.id),
        ariaLabel: data.label,
        ...place.size,
      },
    ];
  });
}

function withMarks(view: StepView, marks: Pick<StepView, 'needs' | 'refused' | 'mark'>): StepView {
  const { needs, refused, mark } = marks;
  if (needs === undefined && refused === undefined && mark === undefined) return view;
  const words = [view.label, refused && `refused in ${refused.places}`, needs && 'needs approval', mark];
  return { ...view, ...marks, label: words.filter(Boolean).join(', ') };
}

function refusedOf(places: readonly RefusingPlace[] = []): StepView['refused'] {
  if (places.length === 0) return undefined;
  return {
    places: places.map(({ name }) => name).join(', '),
    why: places.flatMap(({ problems }) => problems.map(({ message }) => message)).join('\n'),
  };
}

/** A frame grows to the right and downwards with what is dragged in it; its head and its left edge hold. */
const insideFrame: [[number, number], [number, number]] = [
  [frameInset.side, frameInset.top],
  [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
];

function notesOf(document: FlowDocument, selected: ReadonlySet<string>): NoteNode[] {
  return document.notes.map((note) => {
    const id = noteNodeId(note.id);
    const [x, y] = note.at;
    return {
      id,
      type: 'note',
      position: { x, y },
      data: { text: note.text, author: note.author ?? null },
      selected: selected.has(id),
      ariaLabel: `Note: ${note.text}`,
      width: 206,
    };
  });
}

/** Steps in the order of the flow, each container before what is inside of it: so Tab goes along it. */
function alongTheFlow(graph: Graph): Step[] {
  const rank = new Map(topologicalOrder(graph).map((id, at) => [id, at]));
  return graph.steps
    .toSorted((one, other) => (rank.get(one.id) ?? rank.size) - (rank.get(other.id) ?? rank.size))
    .flatMap((step) => (isContainer(step) ? [step, ...alongTheFlow(step)] : [step]));
}

function* wiresOf(input: CanvasInput, selected: ReadonlySet<string>): Generator<Wire> {
  const refused = refusedWires(input.document, input.problems);
  yield* wiresIn(input.document, null);

  function* wiresIn(graph: Graph, level: string | null): Generator<Wire> {
    const known = new Map(graph.steps.map((step) => [step.id, step]));
    for (const edge of graph.edges) {
      const from = known.get(edge.from);
      if (from !== undefined && known.has(edge.to))
        yield wireOf(edge, { from, level, run: input.run, selected, refused });
    }
    for (const step of graph.steps) {
      if (isContainer(step) && !input.folded.has(step.id)) yield* wiresIn(step, step.id);
    }
  }
}

interface WireAround {
  from: Step;
  level: string | null;
  run: CanvasInput['run'];
  selected: ReadonlySet<string>;
  refused: ReturnType<typeof refusedWires>;
}

function wireOf(edge: Edge, around: WireAround): Wire {
  const { level, selected } = around;
  const id = edgeId(edge);
  const port = portOf(edge);
  // What a wire is for, where a step has several ways out.
  const held = around.refused.get(id);
  const label = port === 'next' ? (held ?? null) : port;
  return {
    id,
    type: 'wire',
    source: edge.from,
    sourceHandle: port,
    target: edge.to,
    data: {
      tone: held !== undefined ? 'refused' : toneOf(edge, { ...around, isLit: isLit(edge, selected) }),
      label,
      level,
    },
    selected: selected.has(id),
    ariaLabel: `Wire from ${edge.from}${port === 'next' ? '' : ` (${port})`} to ${edge.to}${held === undefined ? '' : `, carries ${held} data where it may not go`}`,
  };
}

function isLit(edge: Edge, selected: ReadonlySet<string>): boolean {
  return [edgeId(edge), edge.from, edge.to].some((id) => selected.has(id));
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

/** New nodes with the old objects where nothing changed, so that only what changed is drawn again. */
export function keepUnchanged<Item extends { id: string }>(
  before: readonly Item[],
  after: readonly Item[],
  isSame: (one: Item, other: Item) => boolean,
): Item[] {
  const old = new Map(before.map((item) => [item.id, item]));
  return after.map((item) => {
    const known = old.get(item.id);
    return known !== undefined && isSame(known, item) ? known : item;
  });
}
