import type { RunStep } from '@sluice/shared/api';
import type { Catalogue } from '@sluice/shared/connector';
import {
  type Edge,
  type FlowDocument,
  type FlowProblem,
  type Manifest,
  portOf,
  type Step,
  topologicalOrder,
} from '@sluice/shared/flow';
import type { Edge as CanvasEdge, Node as CanvasNode } from '@xyflow/react';
import { edgeId, noteNodeId } from './canvas-ids.js';
import { placesOf, stepSize } from './layout.js';
import { type StepView, viewAround, viewStep } from './step-view.js';

export type StepNode = CanvasNode<StepView, 'step'>;
export type NoteNode = CanvasNode<{ text: string; author: string | null }, 'note'>;
export type FlowNode = StepNode | NoteNode;

export type WireTone = 'idle' | 'selected' | 'error' | 'off' | 'taken' | 'carrying' | 'dead';
export type Wire = CanvasEdge<{ tone: WireTone; label: string | null }, 'wire'>;

export interface CanvasInput {
  document: FlowDocument;
  catalogue: Catalogue;
  problems: readonly FlowProblem[];
  manifest: Manifest | null;
  selection: readonly string[];
  /** Step runs by step; null while drawing. */
  run: ReadonlyMap<string, RunStep> | null;
}

/** The document as the canvas draws it. Pure; ids are derived and stable. */
export function toCanvas(input: CanvasInput): { nodes: FlowNode[]; wires: Wire[] } {
  const { document } = input;
  const places = placesOf(document);
  const selected = new Set(input.selection);
  const around = viewAround(input);
  const steps = alongTheFlow(document).map((step, index): StepNode => {
    const [x, y] = places[step.id] ?? [0, 0];
    const data = viewStep(step, index + 1, around);
    return {
      id: step.id,
      type: 'step',
      position: { x, y },
      data,
      selected: selected.has(step.id),
      ariaLabel: data.label,
      ...stepSize,
    };
  });
  const notes = document.notes.map((note): NoteNode => {
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
  const known = new Map(document.steps.map((step) => [step.id, step]));
  const wires = document.edges
    .filter((edge) => known.has(edge.from) && known.has(edge.to))
    .map((edge): Wire => {
      const id = edgeId(edge);
      const isSelected = selected.has(id);
      const from = known.get(edge.from);
      const label = labelOf(edge, from);
      return {
        id,
        type: 'wire',
        source: edge.from,
        sourceHandle: portOf(edge),
        target: edge.to,
        data: {
          tone: toneOf(edge, {
            from,
            run: input.run,
            isLit: isSelected || selected.has(edge.from) || selected.has(edge.to),
          }),
          label,
        },
        selected: isSelected,
        ariaLabel: `Wire from ${edge.from}${label === null ? '' : ` (${label})`} to ${edge.to}`,
      };
    });
  return { nodes: [...notes, ...steps], wires };
}

/** Steps in the order of the flow: so Tab goes along it. */
function alongTheFlow(document: FlowDocument): Step[] {
  const rank = new Map(topologicalOrder(document).map((id, at) => [id, at]));
  return document.steps.toSorted((one, other) => (rank.get(one.id) ?? rank.size) - (rank.get(other.id) ?? rank.size));
}

/** What a wire is for, where a step has several ways out. */
function labelOf(edge: Edge, from: Step | undefined): string | null {
  const port = portOf(edge);
  if (port === 'next') return null;
  return from?.kind === 'branch' || port === 'error' ? port : null;
}

function toneOf(edge: Edge, wire: { from: Step | undefined; run: CanvasInput['run']; isLit: boolean }): WireTone {
  if (wire.run !== null) return runTone(edge, wire.run);
  if (wire.from?.disabled) return 'off';
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
