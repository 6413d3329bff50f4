import '@xyflow/react/dist/base.css';
import type { PresenceReply } from '@sluice/shared/api';
import type { Edge } from '@sluice/shared/flow';
import {
  Background,
  BackgroundVariant,
  type Connection,
  MiniMap,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
} from '@xyflow/react';
import { useRef } from 'react';
import type { PaletteEntry } from '../palette/palette-entries.js';
import { planAddition, type Place } from '../palette/plan-addition.js';
import { StepPicker } from '../palette/StepPicker.js';
import { useActions, useEditor, useEditorStore } from '../store/editor-context.js';
import { CanvasTools } from './CanvasTools.js';
import { stepDragType } from './drop.js';
import { FirstStep } from './FirstStep.js';
import { stepSize } from './frame.js';
import { connectOperation } from './from-canvas.js';
import { gridSize } from './layout.js';
import { edgeTypes, mapColour, nodeTypes, readerWords } from './looks.js';
import type { FlowNode, Wire } from './to-canvas.js';
import { useCanvasRegistration } from './use-canvas-registration.js';
import { selectionAfter, useDrawn } from './use-drawn.js';
import { usePutDown } from './use-put-down.js';
import { useWireDrawing } from './use-wire-drawing.js';
import { useWiringDeeds } from './use-wiring-deeds.js';
import { WireInHand } from './WireInHand.js';
import { WiringProvider } from './wiring.js';
import classes from './Canvas.module.css';

interface CanvasProps {
  /** Who else has the flow open, and where. */
  others: readonly PresenceReply[];
  onFind: () => void;
  picker: PickerRequest | null;
  onPicker: (request: PickerRequest | null) => void;
}

/** The drawing. All that changes the flow becomes operations; pan, zoom and drags in progress stay in here. */
export function Canvas(props: CanvasProps) {
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

function Drawing(props: CanvasProps) {
  const store = useEditorStore();
  const actions = useActions();
  const flow = useReactFlow<FlowNode, Wire>();
  const { nodes, wires, onNodesChange } = useDrawn(props.others);
  const isReadOnly = useEditor((state) => state.isReadOnly);
  const frame = useRef<HTMLDivElement>(null);
  const detail = useStore((state) =>
    state.transform[2] < 0.35 ? 'block' : state.transform[2] < 0.6 ? 'name' : 'full',
  );
  useCanvasRegistration(frame);

  function openPicker(at: { x: number; y: number }, place: Place) {
    props.onPicker({ at, place });
  }
  const { targets, isAllowed, onConnectStart, onConnectEnd } = useWireDrawing(openPicker);
  const wiring = useWiringDeeds({ targets, insertOn: (wire: Edge, at) => openPicker(at, { onWire: wire }) });

  function add(entry: PaletteEntry, place: Place) {
    const { document, catalogue } = store.getState();
    const { operations, step } = planAddition(document, entry, { place, catalogue });
    actions.change(operations, { select: [step] });
  }
  const { onDrop, onDragStop } = usePutDown(add);

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
          if (event.dataTransfer.types.includes(stepDragType)) event.preventDefault();
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
          <FirstStep />
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

function pointOf(event: React.MouseEvent | MouseEvent | TouchEvent): { clientX: number; clientY: number } {
  if (!('changedTouches' in event)) return event;
  return event.changedTouches[0] ?? { clientX: 0, clientY: 0 };
}
