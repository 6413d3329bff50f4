import type { Edge } from '@sluice/shared/flow';
import { useMemo } from 'react';
import { duplicateSteps } from '../commands/copy-steps.js';
import { useActions, useEditor, useEditorStore } from '../store/editor-context.js';
import { findEdge, noteIdOf } from './canvas-ids.js';
import { connectOperation, removeOperations } from './from-canvas.js';
import { placesOf, stepSize } from './layout.js';
import type { Wiring } from './wiring.js';

/** What steps, wires and notes on the canvas may ask for. */
export function useWiringDeeds(here: {
  targets: ReadonlySet<string> | null;
  insertOn: (wire: Edge, at: { x: number; y: number }) => void;
}): Wiring {
  const store = useEditorStore();
  const actions = useActions();
  const isReadOnly = useEditor((state) => state.isReadOnly);
  const steps = useEditor((state) => state.document.steps);
  const layout = useEditor((state) => state.document.layout);
  const boxes = useMemo(() => {
    const places = placesOf(store.getState().document);
    return steps.flatMap(({ id }) => {
      const at = places[id];
      return at === undefined ? [] : [{ id, x: at[0], y: at[1], ...stepSize }];
    });
    // The places are read from the document of which these are the parts that matter.
  }, [store, steps, layout]);
  return {
    targets: here.targets,
    isReadOnly,
    isSmall: false,
    boxes,
    insertOn(wireId, at) {
      const wire = findEdge(store.getState().document, wireId);
      if (wire) here.insertOn(wire, at);
    },
    refusalOf: (wire) => actions.refusalOf(connectOperation(wire)),
    toggle(stepId) {
      const step = store.getState().document.steps.find(({ id }) => id === stepId);
      if (step) actions.change({ kind: 'update-step', step: { ...step, disabled: !step.disabled } });
    },
    duplicate(stepId) {
      const { operation, select } = duplicateSteps(store.getState().document, [stepId]);
      actions.change(operation, { select });
    },
    remove(stepId) {
      actions.change(removeOperations(store.getState().document, [stepId]));
    },
    writeNote(noteId, text) {
      const note = store.getState().document.notes.find(({ id }) => id === noteId);
      if (!note || note.text === text) return;
      actions.change(
        text === '' ? { kind: 'remove-note', id: noteId } : { kind: 'update-note', note: { ...note, text } },
      );
      if (noteIdOf(noteId)) actions.select([]);
    },
  };
}
