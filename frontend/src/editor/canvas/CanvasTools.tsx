import { ActionIcon, Tooltip } from '@mantine/core';
import { IconLayoutGrid, IconMaximize, IconMinus, IconNote, IconPlus, IconSearch } from '@tabler/icons-react';
import { Panel, useReactFlow, useStore } from '@xyflow/react';
import { addNote } from '../commands/add-note.js';
import { useActions, useEditor, useEditorStore } from '../store/editor-context.js';
import { layOut } from './layout.js';
import { moveMs } from './motion.js';
import { useCanvasSlot } from './canvas-view.js';
import classes from './Canvas.module.css';

/** Zoom, fit, tidy up, note, find: at the bottom left. */
export function CanvasTools(props: { onFind: () => void }) {
  const flow = useReactFlow();
  const slot = useCanvasSlot();
  const store = useEditorStore();
  const actions = useActions();
  const isReadOnly = useEditor((state) => state.isReadOnly);
  const zoom = useStore((state) => Math.round(state.transform[2] * 100));
  function tidy() {
    actions.change({ kind: 'move-steps', to: layOut(store.getState().document) });
    requestAnimationFrame(() => slot.view()?.fit());
  }
  return (
    <Panel position="bottom-left" className={classes.tools}>
      <Tool label="Zoom out" onClick={() => void flow.zoomOut({ duration: moveMs() })}>
        <IconMinus size={15} stroke={1.75} />
      </Tool>
      <button
        type="button"
        className={classes.zoom}
        title="Zoom to 100 %"
        onClick={() => void flow.zoomTo(1, { duration: moveMs() })}
      >
        {zoom} %
      </button>
      <Tool label="Zoom in" onClick={() => void flow.zoomIn({ duration: moveMs() })}>
        <IconPlus size={15} stroke={1.75} />
      </Tool>
      <span className={classes.rule} />
      <Tool label="Fit the flow" onClick={() => slot.view()?.fit()}>
        <IconMaximize size={15} stroke={1.75} />
      </Tool>
      <Tool label="Tidy up" onClick={tidy} isOff={isReadOnly}>
        <IconLayoutGrid size={15} stroke={1.75} />
      </Tool>
      <Tool label="Add a note" onClick={() => addNote(actions, slot.view()?.centre() ?? [0, 0])} isOff={isReadOnly}>
        <IconNote size={15} stroke={1.75} />
      </Tool>
      <Tool label="Find a step on the canvas" onClick={props.onFind}>
        <IconSearch size={15} stroke={1.75} />
      </Tool>
    </Panel>
  );
}

function Tool(props: { label: string; onClick: () => void; isOff?: boolean; children: React.ReactNode }) {
  return (
    <Tooltip label={props.label}>
      <ActionIcon size={26} aria-label={props.label} onClick={props.onClick} disabled={props.isOff === true}>
        {props.children}
      </ActionIcon>
    </Tooltip>
  );
}
