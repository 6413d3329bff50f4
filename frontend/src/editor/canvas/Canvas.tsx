import '@xyflow/react/dist/base.css';
import { type Edge, portOf } from '@sluice/shared/flow';
import {
  Background,
  BackgroundVariant,
  type Connection,
  type FinalConnectionState,
  MiniMap,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
} from '@xyflow/react';
import { useRef, useState } from 'react';
import type { PaletteEntry } from '../palette/palette-entries.js';
import { planAddition, type Place } from '../palette/plan-addition.js';
import { StepPicker } from '../palette/StepPicker.js';
import { useActions, useEditor, useEditorStore } from '../store/editor-context.js';
import { findEdge } from './canvas-ids.js';
import { CanvasTools } from './CanvasTools.js';
import { droppedEntry, wireUnder } from './drop.js';
import { connectOperation, moveOperations } from './from-canvas.js';
import { gridSize, stepSize } from './layout.js';
import { edgeTypes, mapColour, nodeTypes, readerWords } from './looks.js';
import type { FlowNode, Wire } from './to-canvas.js';
import { useCanvasRegistration } from './use-canvas-registration.js';
import { selectionAfter, useDrawn } from './use-drawn.js';
import { useWiringDeeds } from './use-wiring-deeds.js';
import { WireInHand } from './WireInHand.js';
import { WiringProvider } from './wiring.js';
import classes from './Canvas.module.css';

/** The drawing. All that changes the flow becomes operations; pan, zoom and drags in progress stay in here. */
export function Canvas(props: {
  onFind: () => void;
  picker: PickerRequest | null;
  onPicker: (request: PickerRequest | null) => void;
}) {
  return (
    <ReactFlowProvider>
      <Drawing {...props} />
    </ReactFlowProvider>
  );
}

/** Where the picker stands on the screen, and where what is picked goes. */
export interface PickerRequest {
  at: { x: number; y: number };
  place: Place;
}

function Drawing(props: {
  onFind: () => void;
  picker: PickerRequest | null;
  onPicker: (request: PickerRequest | null) => void;
}) {
  const store = useEditorStore();
  const actions = useActions();
  const flow = useReactFlow<FlowNode, Wire>();
  const { nodes, wires, onNodesChange } = useDrawn();
  const [targets, setTargets] = useState<ReadonlySet<string> | null>(null);
  const isReadOnly = useEditor((state) => state.isReadOnly);
  const frame = useRef<HTMLDivElement>(null);
  const detail = useStore((state) =>
    state.transform[2] < 0.35 ? 'block' : state.transform[2] < 0.6 ? 'name' : 'full',
  );
  useCanvasRegistration(frame);

  function openPicker(at: { x: number; y: number }, place: Place) {
    props.onPicker({ at, place });
  }
  const wiring = useWiringDeeds({ targets, insertOn: (wire: Edge, at) => openPicker(at, { onWire: wire }) });

  function add(entry: PaletteEntry, place: Place) {
    const { document, catalogue } = store.getState();
    const { operations, step } = planAddition(document, entry, { place, catalogue });
    actions.change(operations, { select: [step] });
  }

  function onConnectStart(
    _event: unknown,
    start: { nodeId: string | null; handleId: string | null; handleType: string | null },
  ) {
    const { nodeId, handleId, handleType } = start;
    if (nodeId === null || handleType !== 'source') return;
    const steps = store.getState().document.steps;
    setTargets(
      new Set(
        steps
          .map(({ id }) => id)
          .filter((id) => id === nodeId || isAllowed({ source: nodeId, sourceHandle: handleId, target: id })),
      ),
    );
  }

  function onConnectEnd(event: MouseEvent | TouchEvent, end: FinalConnectionState) {
    setTargets(null);
    if (end.isValid || end.toNode || !end.fromNode || end.fromHandle?.type !== 'source') return;
    const point = 'changedTouches' in event ? event.changedTouches[0] : event;
    if (!point) return;
    const at = flow.screenToFlowPosition({ x: point.clientX, y: point.clientY });
    const port = end.fromHandle.id ?? undefined;
    openPicker(
      { x: point.clientX, y: point.clientY },
      { after: { step: end.fromNode.id, port }, at: [at.x - stepSize.width / 2, at.y] },
    );
  }

  function isAllowed(wire: { source: string; sourceHandle?: string | null | undefined; target: string }): boolean {
    return actions.refusalOf(connectOperation(wire)) === null;
  }

  function onDrop(event: React.DragEvent) {
    const { document, catalogue } = store.getState();
    const entry = droppedEntry(event.dataTransfer, catalogue);
    if (entry === null) return;
    event.preventDefault();
    const wireId = wireUnder(event.clientX, event.clientY);
    const wire = wireId === null ? undefined : findEdge(document, wireId);
    const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    add(
      entry,
      wire && entry.makes !== 'trigger' ? { onWire: wire } : { at: [x - stepSize.width / 2, y - stepSize.height / 2] },
    );
  }

  /** A loose step put down on a wire goes between. */
  function onDragStop(event: { clientX: number; clientY: number }, dragged: FlowNode[]) {
    const { document } = store.getState();
    const [only] = dragged;
    const moved = moveOperations(document, dragged);
    const isLoose =
      only?.type === 'step' &&
      dragged.length === 1 &&
      !document.edges.some((edge) => edge.from === only.id || edge.to === only.id);
    const wireId = isLoose ? wireUnder(event.clientX, event.clientY) : null;
    const wire = wireId === null ? undefined : findEdge(document, wireId);
    const between = wire && only ? wireThrough(wire, only.id) : [];
    if (actions.change([...moved, ...between]) !== null) actions.change(moved);
  }

  /** A flow that would be too small to read as a whole opens at its start. */
  function startAtTop(boxes: readonly { x: number; y: number }[]) {
    const top = boxes.reduce<{ x: number; y: number } | null>(
      (best, box) => (best === null || box.y < best.y ? box : best),
      null,
    );
    const height = frame.current?.clientHeight ?? 0;
    if (top === null || !isTall(boxes)) return;
    void flow.setCenter(top.x + stepSize.width / 2, top.y - 40 + height / 2 / 0.8, { zoom: 0.8 });
  }

  return (
    <WiringProvider value={wiring}>
      <div
        ref={frame}
        className={classes.canvas}
        data-detail={detail}
        onDragOver={(event) => {
          if (event.dataTransfer.types.includes('application/x-sluice-step')) event.preventDefault();
        }}
        onDrop={onDrop}
      >
        <ReactFlow<FlowNode, Wire>
          nodes={nodes}
          edges={wires}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          onNodesChange={onNodesChange}
          onEdgesChange={(changes) => actions.select(selectionAfter(store.getState().selection, changes))}
          onNodeDragStop={(event, _node, dragged) => onDragStop(pointOf(event), dragged)}
          onSelectionDragStop={(event, dragged) => onDragStop(pointOf(event), dragged)}
          onConnect={(connection: Connection) => actions.change(connectOperation(connection))}
          onConnectStart={onConnectStart}
          onConnectEnd={onConnectEnd}
          isValidConnection={isAllowed}
          connectionLineComponent={WireInHand}
          connectionRadius={28}
          onNodeContextMenu={(event) => event.preventDefault()}
          nodesDraggable={!isReadOnly}
          nodesConnectable={!isReadOnly}
          snapToGrid
          snapGrid={[gridSize, gridSize]}
          minZoom={0.1}
          maxZoom={2}
          fitView={!isTall(wiring.boxes)}
          fitViewOptions={{ maxZoom: 1, padding: 0.15 }}
          onInit={() => startAtTop(wiring.boxes)}
          panOnScroll
          selectionOnDrag
          panOnDrag={[1, 2]}
          panActivationKeyCode="Space"
          zoomActivationKeyCode={['Meta', 'Control']}
          multiSelectionKeyCode={['Meta', 'Control', 'Shift']}
          deleteKeyCode={null}
          disableKeyboardA11y
          elevateNodesOnSelect={false}
          onlyRenderVisibleElements={nodes.length > 100}
          ariaLabelConfig={readerWords}
        >
          <Background variant={BackgroundVariant.Dots} gap={gridSize} size={1.6} />
          <MiniMap<FlowNode>
            className={classes.map}
            position="bottom-right"
            pannable
            zoomable
            nodeColor={mapColour}
            nodeBorderRadius={2}
            ariaLabel="Map of the flow"
            style={{ width: 116, height: 84 }}
          />
          <CanvasTools onFind={props.onFind} />
        </ReactFlow>
        {props.picker && (
          <StepPicker
            at={props.picker.at}
            onClose={() => props.onPicker(null)}
            onPick={(entry) => {
              if (props.picker) add(entry, props.picker.place);
              props.onPicker(null);
            }}
          />
        )}
      </div>
    </WiringProvider>
  );
}

const tallest = 2400;

function isTall(boxes: readonly { y: number }[]): boolean {
  const rows = boxes.map(({ y }) => y);
  return boxes.length > 0 && Math.max(...rows) - Math.min(...rows) > tallest;
}

function wireThrough(wire: Edge, stepId: string) {
  const port = portOf(wire);
  return [
    { kind: 'disconnect', edge: wire } as const,
    { kind: 'connect', edge: { from: wire.from, to: stepId, ...(port !== 'next' && { port }) } } as const,
    { kind: 'connect', edge: { from: stepId, to: wire.to } } as const,
  ];
}

function pointOf(event: React.MouseEvent | MouseEvent | TouchEvent): { clientX: number; clientY: number } {
  if (!('changedTouches' in event)) return event;
  return event.changedTouches[0] ?? { clientX: 0, clientY: 0 };
}
