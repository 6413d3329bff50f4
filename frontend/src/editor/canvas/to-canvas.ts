import type { RunStep } from '@sluice/shared/api';
import type { Catalogue } from '@sluice/shared/connector';
import {
  type FlowDocument,
  type FlowProblem,
  type Graph,
  isContainer,
  type Manifest,
  type Step,
  topologicalOrder,
} from '@sluice/shared/flow';
import type { Edge as CanvasEdge, Node as CanvasNode } from '@xyflow/react';
import type { RefusingPlace } from '../store/refusing-places.js';
import { noteNodeId } from './canvas-ids.js';
import { frameInset } from './frame.js';
import { type GroupView, viewGroup } from './group-view.js';
import type { PlacedGroup } from './place-groups.js';
import { placeDrawing } from './place-steps.js';
import { type StepView, viewAround, viewStep } from './step-view.js';
import { wiresOf } from './wires-of.js';

export type StepNode = CanvasNode<StepView, 'step'>;
/** A container with its inside drawn. */
export type FrameNode = CanvasNode<StepView, 'frame'>;
export type NoteNode = CanvasNode<{ text: string; author: string | null }, 'note'>;
/** The frame of a group, or the card in the place of its steps. */
export type GroupNode = CanvasNode<GroupView, 'stepGroup'>;
export type FlowNode = StepNode | FrameNode | NoteNode | GroupNode;

export type WireTone = 'refused' | 'idle' | 'selected' | 'error' | 'off' | 'taken' | 'carrying' | 'dead';
/** `level` is the container that it lies in. */
export type Wire = CanvasEdge<{ tone: WireTone; label: string | null; level: string | null }, 'wire'>;

export interface CanvasInput {
  document: FlowDocument;
  catalogue: Catalogue;
  problems: readonly FlowProblem[];
  manifest: Manifest | null;
  selection: readonly string[];
  /** Containers and groups that are drawn as one step. */
  folded: ReadonlySet<string>;
  /** Step runs by step; null while drawing. */
  run: ReadonlyMap<string, RunStep> | null;
  /** Steps that ask for more than is granted, each with the sentence that says so. */
  unapproved?: ReadonlyMap<string, string>;
  /** Steps that some environments would refuse. */
  refusals?: ReadonlyMap<string, readonly RefusingPlace[]>;
  /** Names of those who have a step selected too, by what is drawn of it. */
  others?: ReadonlyMap<string, readonly string[]>;
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

function stepsOf(input: CanvasInput, selected: ReadonlySet<string>): FlowNode[] {
  const { placed, groups } = placeDrawing(input.document, input.folded);
  const around = viewAround(input);
  const steps = alongTheFlow(input.document).flatMap((step, index): FlowNode[] => {
    const place = placed.get(step.id);
    if (place === undefined) return [];
    const { level, isFrame } = place;
    const view = viewStep(step, { order: index + 1, level, isFolded: !isFrame }, around);
    const data = withMarks(view, {
      needs: input.unapproved?.get(step.id),
      refused: refusedOf(input.refusals?.get(step.id)),
      mark: input.marks?.get(step.id),
      others: input.others?.get(step.id),
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
  return groups.reduce((nodes, group) => withGroup(nodes, groupNode(group, input, selected)), steps);
}

function groupNode(group: PlacedGroup, input: CanvasInput, selected: ReadonlySet<string>): GroupNode {
  const others = group.isFolded ? input.others?.get(group.id) : undefined;
  const view = viewGroup(group, input);
  const data = others ? { ...view, others, label: `${view.label}, ${hereInWords(others)}` } : view;
  const [x, y] = group.at;
  return {
    id: group.id,
    type: 'stepGroup',
    position: { x, y },
    data,
    selected: selected.has(group.id),
    ariaLabel: data.label,
    ...group.size,
    // What lies in a frame stays in reach; its title takes the pointer.
    ...(!group.isFolded && { style: { pointerEvents: 'none' } }),
  };
}

/** In front of the first of its steps, so that it is drawn below them and Tab comes to it first. */
function withGroup(nodes: FlowNode[], group: GroupNode): FlowNode[] {
  const first = nodes.findIndex(({ id }) => group.data.steps.includes(id));
  return nodes.toSpliced(first === -1 ? nodes.length : first, 0, group);
}

function withMarks(view: StepView, marks: Pick<StepView, 'needs' | 'refused' | 'mark' | 'others'>): StepView {
  const { needs, refused, mark, others } = marks;
  if (needs === undefined && refused === undefined && mark === undefined && others === undefined) return view;
  const words = [
    view.label,
    refused && `refused in ${refused.places}`,
    needs && 'needs approval',
    mark,
    others && hereInWords(others),
  ];
  return { ...view, ...marks, label: words.filter(Boolean).join(', ') };
}

function hereInWords(names: readonly string[]): string {
  return `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} here`;
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
