import { type Edge, findStep } from '@sluice/shared/flow';
import { useMemo, useRef } from 'react';
import { duplicateSteps } from '../commands/copy-steps.js';
import { useActions, useEditor, useEditorStore } from '../store/editor-context.js';
import { useTrial } from '../trial/use-trial.js';
import { findEdge } from './canvas-ids.js';
import { connectOperation, removeOperations } from './from-canvas.js';
import { placeSteps } from './place-steps.js';
import { boxesOf, type Wiring } from './wiring.js';

/** What steps, wires and notes on the canvas may ask for. The same object until something of it changes: every wire reads it. */
export function useWiringDeeds(here: {
  targets: ReadonlySet<string> | null;
  insertOn: (wire: Edge, at: { x: number; y: number }) => void;
}): Wiring {
  const store = useEditorStore();
  const actions = useActions();
  const isReadOnly = useEditor((state) => state.isReadOnly);
  const boxes = useBoxes();
  const insertOn = useRef(here.insertOn);
  insertOn.current = here.insertOn;
  const trial = useTrial();
  const latestTrial = useRef(trial);
  latestTrial.current = trial;
  const { targets } = here;
  return useMemo(
    () => ({
      targets,
      isReadOnly,
      isSmall: false,
      boxes,
      insertOn(wireId, at) {
        const wire = findEdge(store.getState().document, wireId);
        if (wire) insertOn.current(wire, at);
      },
      refusalOf: (wire) => actions.refusalOf(connectOperation(wire)),
      tryStep(stepId) {
        actions.select([stepId]);
        if (latestTrial.current.reason === null) latestTrial.current.start({ upTo: stepId, calls: 'last' });
      },
      toggle(stepId) {
        const step = findStep(store.getState().document, stepId);
        if (step) actions.change({ kind: 'update-step', step: { ...step, disabled: !step.disabled } });
      },
      fold: actions.fold,
      duplicate(stepId) {
        const { operation, select } = duplicateSteps(store.getState().document, [stepId]);
        actions.change(operation, { select });
      },
      remove(stepId) {
        actions.change(removeOperations(store.getState().document, [stepId]));
      },
      writeNote(noteId, text) {
        const note = store.getState().document.notes.find(({ id }) => id === noteId);
        if (!note) return;
        if (text === '') actions.change({ kind: 'remove-note', id: noteId });
        else if (text !== note.text) actions.change({ kind: 'update-note', note: { ...note, text } });
      },
    }),
    [store, actions, targets, isReadOnly, boxes],
  );
}

/** Where the steps stand; another list only when one of them does elsewhere. */
function useBoxes(): Wiring['boxes'] {
  const document = useEditor((state) => state.document);
  const folded = useEditor((state) => state.folded);
  const before = useRef<Wiring['boxes']>([]);
  return useMemo(() => {
    const boxes = boxesOf(placeSteps(document, folded));
    if (JSON.stringify(boxes) !== JSON.stringify(before.current)) before.current = boxes;
    return before.current;
  }, [document, folded]);
}
