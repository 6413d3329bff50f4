import '@xyflow/react/dist/base.css';
import type { RunStep } from '@sluice/shared/api';
import type { Catalogue } from '@sluice/shared/connector';
import type { FlowDocument } from '@sluice/shared/flow';
import { Background, BackgroundVariant, ReactFlow, ReactFlowProvider } from '@xyflow/react';
import { useMemo, useState } from 'react';
import { turned } from '../../lib/turned.js';
import { gridSize } from './layout.js';
import { edgeTypes, nodeTypes, readerWords } from './looks.js';
import { placeSteps } from './place-steps.js';
import { type CanvasInput, type FlowNode, toCanvas, type Wire } from './to-canvas.js';
import { useCanvasNodes } from './use-canvas-nodes.js';
import { boxesOf, type Wiring, WiringProvider } from './wiring.js';
import classes from './Canvas.module.css';

interface RunCanvasProps {
  document: FlowDocument;
  catalogue: Catalogue;
  /** Null where two drawings are compared. */
  run: ReadonlyMap<string, RunStep> | null;
  marks?: CanvasInput['marks'];
  selected: string | null;
  /** It has the room of the editor: each step says all that it says there. */
  isLarge?: boolean;
  onSelect?: (id: string) => void;
}

/** The drawing in the states of one run: to look at and to choose a step, nothing moves. */
export function RunCanvas(props: RunCanvasProps) {
  return (
    <ReactFlowProvider>
      <Drawing {...props} />
    </ReactFlowProvider>
  );
}

function Drawing({ isLarge = false, onSelect = nothing, ...props }: RunCanvasProps) {
  const { document, catalogue, run, marks, selected } = props;
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const drawn = useMemo(
    () =>
      toCanvas({
        // Notes and groups are for those who draw; here they would only make the steps smaller.
        document: { ...document, notes: [], groups: [] },
        catalogue,
        problems: [],
        manifest: null,
        selection: selected === null ? [] : [selected],
        folded,
        run,
        ...(marks && { marks }),
      }),
    [document, catalogue, run, marks, selected, folded],
  );
  const [nodes, applyChanges] = useCanvasNodes(drawn.nodes);
  const wiring = useMemo(
    () => lookOnly({ document, folded, isSmall: !isLarge, fold: (id) => setFolded((before) => turned(before, id)) }),
    [document, folded, isLarge],
  );
  return (
    <WiringProvider value={wiring}>
      <div className={classes.canvas} data-small={isLarge ? undefined : true}>
        <ReactFlow<FlowNode, Wire>
          nodes={nodes}
          edges={drawn.wires}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          onNodesChange={(changes) => applyChanges(changes.filter(({ type }) => type === 'dimensions'))}
          onNodeClick={(_event, node) => {
            if (node.type === 'step' || node.type === 'frame') onSelect(node.id);
          }}
          onKeyDown={(event) => {
            const id =
              event.target instanceof Element
                ? event.target.closest('.react-flow__node')?.getAttribute('data-id')
                : null;
            const isButton = event.target instanceof HTMLButtonElement;
            if (event.key === 'Enter' && id && !isButton) onSelect(id);
          }}
          nodesDraggable={false}
          nodesConnectable={false}
          edgesFocusable={false}
          disableKeyboardA11y
          minZoom={0.1}
          maxZoom={1.5}
          fitView
          fitViewOptions={{ maxZoom: isLarge ? 1 : 0.8, padding: 0.06 }}
          panOnScroll
          zoomActivationKeyCode={['Meta', 'Control']}
          preventScrolling={false}
          onlyRenderVisibleElements={nodes.length > 100}
          ariaLabelConfig={{
            ...readerWords,
            'node.a11yDescription.default': 'Enter shows the step.',
            'node.a11yDescription.keyboardDisabled': 'Enter shows the step.',
          }}
        >
          <Background variant={BackgroundVariant.Dots} gap={gridSize} size={1.6} />
        </ReactFlow>
      </div>
    </WiringProvider>
  );
}

function nothing() {}

function lookOnly(
  of: Pick<Wiring, 'isSmall' | 'fold'> & { document: FlowDocument; folded: ReadonlySet<string> },
): Wiring {
  return {
    targets: null,
    isReadOnly: true,
    isSmall: of.isSmall,
    boxes: boxesOf(placeSteps(of.document, of.folded)),
    insertOn: nothing,
    refusalOf: () => null,
    tryStep: nothing,
    toggle: nothing,
    fold: of.fold,
    duplicate: nothing,
    remove: nothing,
    writeNote: nothing,
  };
}
