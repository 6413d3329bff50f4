import { type Edge, type FlowDocument, levelOf, type Operation, portOf } from '@sluice/shared/flow';
import { useReactFlow } from '@xyflow/react';
import type { PaletteEntry } from '../palette/palette-entries.js';
import type { Place } from '../palette/plan-addition.js';
import { useActions, useEditorStore } from '../store/editor-context.js';
import { findEdge } from './canvas-ids.js';
import { heldBy } from './drag-groups.js';
import { droppedEntry, wireUnder } from './drop.js';
import { stepSize } from './frame.js';
import { moveOperations } from './from-canvas.js';
import { placesOf } from './layout.js';
import { frameAt, placeDrawing, placeSteps } from './place-steps.js';
import { relevelOperations } from './relevel.js';
import type { FlowNode } from './to-canvas.js';

/** What happens where something is put down: an entry of the palette, or steps that were dragged. */
export function usePutDown(add: (entry: PaletteEntry, place: Place) => void) {
  const store = useEditorStore();
  const actions = useActions();
  const flow = useReactFlow();

  function wireAt(point: { clientX: number; clientY: number }): Edge | undefined {
    const wireId = wireUnder(point.clientX, point.clientY);
    return wireId === null ? undefined : findEdge(store.getState().document, wireId);
  }
  function onDrop(event: React.DragEvent) {
    const { document, catalogue, folded } = store.getState();
    const entry = droppedEntry(event.dataTransfer, catalogue);
    if (entry === null) return;
    event.preventDefault();
    const wire = wireAt(event);
    if (wire && entry.makes !== 'trigger') return add(entry, { onWire: wire });
    const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    const frame = entry.makes === 'trigger' ? null : frameAt(placeSteps(document, folded), [x, y]);
    const [left, top] = frame?.corner ?? [0, 0];
    add(entry, { at: [x - left - stepSize.width / 2, y - top - stepSize.height / 2], inside: frame?.id });
  }

  /** A loose step put down on a wire goes between; one put down on a frame goes into it. */
  function onDragStop(point: { clientX: number; clientY: number }, dragged: FlowNode[]) {
    const { document, folded } = store.getState();
    const { placed, groups } = placeDrawing(document, folded);
    const put = dragged.map((node) => {
      const { x, y } = node.position;
      return { ...node, position: { x: x - (placed.get(node.id)?.shift ?? 0), y } };
    });
    const places = placesOf(document);
    const held = heldBy(put, put, (id) => {
      const [x, y] = groups.find((group) => group.id === id)?.at ?? places[id] ?? [0, 0];
      return { x, y };
    });
    const moved = moveOperations(document, [...put.filter(({ type }) => type !== 'stepGroup'), ...held]);
    const [only] = put;
    const isLoose = only !== undefined && isStep(only) && dragged.length === 1 && hasNoWires(document, only.id);
    const more = isLoose ? joinOrEnter(only, point) : [];
    if (more.length === 0 || actions.change([...moved, ...more]) !== null) actions.change(moved);
  }
  function joinOrEnter(step: FlowNode, point: { clientX: number; clientY: number }): Operation[] {
    const { document, folded } = store.getState();
    const wire = wireAt(point);
    if (wire) return wireThrough(wire, step.id);
    const placed = placeSteps(document, folded);
    const { x, y } = flow.screenToFlowPosition({ x: point.clientX, y: point.clientY });
    const frame = frameAt(placed, [x, y], step.id);
    if (frame === null || frame.id === (step.parentId ?? null)) return [];
    const from = placed.get(step.parentId ?? '')?.corner ?? [0, 0];
    const at = [from[0] + step.position.x - frame.corner[0], from[1] + step.position.y - frame.corner[1]] as const;
    return relevelOperations(document, step.id, { level: frame.id, at });
  }
  return { onDrop, onDragStop };
}

function isStep({ type }: FlowNode): boolean {
  return type === 'step' || type === 'frame';
}

function hasNoWires(document: FlowDocument, id: string): boolean {
  return !levelOf(document, id).edges.some((edge) => edge.from === id || edge.to === id);
}

function wireThrough(wire: Edge, stepId: string): Operation[] {
  const port = portOf(wire);
  return [
    { kind: 'disconnect', edge: wire },
    { kind: 'connect', edge: { from: wire.from, to: stepId, ...(port !== 'next' && { port }) } },
    { kind: 'connect', edge: { from: stepId, to: wire.to } },
  ];
}
