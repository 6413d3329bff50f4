import { containersAround, everyStep } from '@sluice/shared/flow';
import { type FinalConnectionState, useReactFlow } from '@xyflow/react';
import { useState } from 'react';
import type { Place } from '../palette/plan-addition.js';
import { useActions, useEditorStore } from '../store/editor-context.js';
import { stepSize } from './frame.js';
import { connectOperation } from './from-canvas.js';
import { placeSteps } from './place-steps.js';

interface DrawnWire {
  source: string;
  sourceHandle?: string | null | undefined;
  target: string;
}

/** Drawing a wire: which steps may take it, and what happens where it is let go over nothing. */
export function useWireDrawing(openPicker: (at: { x: number; y: number }, place: Place) => void) {
  const store = useEditorStore();
  const actions = useActions();
  const flow = useReactFlow();
  const [targets, setTargets] = useState<ReadonlySet<string> | null>(null);

  function isAllowed(wire: DrawnWire): boolean {
    return actions.refusalOf(connectOperation(wire)) === null;
  }
  function onConnectStart(
    _event: unknown,
    start: { nodeId: string | null; handleId: string | null; handleType: string | null },
  ) {
    const { nodeId, handleId, handleType } = start;
    if (nodeId === null || handleType !== 'source') return;
    const { document } = store.getState();
    // What holds the step stays lit with it.
    const lit = new Set([nodeId, ...containersAround(document, nodeId).map(({ id }) => id)]);
    const steps = [...everyStep(document)].map(({ id }) => id);
    setTargets(
      new Set(steps.filter((id) => lit.has(id) || isAllowed({ source: nodeId, sourceHandle: handleId, target: id }))),
    );
  }
  function onConnectEnd(event: MouseEvent | TouchEvent, end: FinalConnectionState) {
    setTargets(null);
    // The frame around a step is below the pointer wherever it is let go inside.
    const isNowhere = end.toNode === null || end.toNode.id === end.fromNode?.parentId;
    if (end.isValid || !isNowhere || !end.fromNode || end.fromHandle?.type !== 'source') return;
    const point = 'changedTouches' in event ? event.changedTouches[0] : event;
    if (!point) return;
    const port = end.fromHandle.id ?? undefined;
    const { x, y } = flow.screenToFlowPosition({ x: point.clientX, y: point.clientY });
    const corner = cornerOf(end.fromNode.parentId ?? null);
    openPicker(
      { x: point.clientX, y: point.clientY },
      { after: { step: end.fromNode.id, port }, at: [x - corner[0] - stepSize.width / 2, y - corner[1]] },
    );
  }
  function cornerOf(level: string | null) {
    const frame = level === null ? undefined : placeSteps(store.getState().document).get(level);
    return frame?.corner ?? ([0, 0] as const);
  }
  return { targets, isAllowed, onConnectStart, onConnectEnd };
}
