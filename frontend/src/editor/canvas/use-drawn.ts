import type { PresenceReply } from '@sluice/shared/api';
import type { EdgeChange, NodeChange } from '@xyflow/react';
import { useMemo, useRef } from 'react';
import { useActions, useEditor, useEditorStore } from '../store/editor-context.js';
import { refusalsByStep } from '../store/refusing-places.js';
import { useUnapproved } from '../store/use-unapproved.js';
import { othersAt } from './others-at.js';
import { type FlowNode, keepUnchanged, toCanvas, type Wire } from './to-canvas.js';
import { isSameWire, useCanvasNodes } from './use-canvas-nodes.js';

/** The document as nodes and wires, and the way back for what React Flow reports about them. */
export function useDrawn(here: readonly PresenceReply[]) {
  const store = useEditorStore();
  const actions = useActions();
  const document = useEditor((state) => state.document);
  const catalogue = useEditor((state) => state.catalogue);
  const problems = useEditor((state) => state.problems);
  const manifest = useEditor((state) => state.manifest);
  const selection = useEditor((state) => state.selection);
  const folded = useEditor((state) => state.folded);
  const run = useEditor((state) => state.run);
  const { steps: unapproved } = useUnapproved();
  const places = useEditor((state) => state.refusing);
  const refusals = useMemo(() => refusalsByStep(places), [places]);
  const others = useMemo(() => othersAt(document, folded, here), [document, folded, here]);
  const drawn = useMemo(
    () => toCanvas({ document, catalogue, problems, manifest, selection, folded, run, unapproved, refusals, others }),
    [document, catalogue, problems, manifest, selection, folded, run, unapproved, refusals, others],
  );
  const [nodes, applyChanges] = useCanvasNodes(drawn.nodes);
  const kept = useRef<Wire[]>([]);
  kept.current = keepUnchanged(kept.current, drawn.wires, isSameWire);

  function onNodesChange(changes: NodeChange<FlowNode>[]) {
    applyChanges(changes.filter(({ type }) => type !== 'select' && type !== 'remove'));
    actions.select(selectionAfter(store.getState().selection, changes));
  }
  return { nodes, wires: kept.current, onNodesChange };
}

export function selectionAfter(
  selection: readonly string[],
  changes: readonly (NodeChange<FlowNode> | EdgeChange<Wire>)[],
): string[] {
  const after = new Set(selection);
  for (const change of changes) {
    if (change.type !== 'select') continue;
    if (change.selected) after.add(change.id);
    else after.delete(change.id);
  }
  return [...after];
}
