import { Panel } from '@xyflow/react';
import { Keys } from '../../ui/Keys.js';
import { useEditor } from '../store/editor-context.js';
import classes from './Canvas.module.css';

/** What to do on an empty canvas. */
export function FirstStep() {
  const isEmpty = useEditor((state) => state.document.steps.length === 0 && !state.isReadOnly);
  if (!isEmpty) return null;
  return (
    <Panel position="top-center" className={classes.first}>
      <strong>Begin with what starts the flow</strong>
      <span>
        Drag a trigger from the left onto the canvas, or press <Keys>/</Keys> and type its name. A flow that was
        exported can be pasted here.
      </span>
    </Panel>
  );
}
