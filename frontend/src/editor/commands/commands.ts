import { findStep, type FlowDocument, type Operation } from '@sluice/shared/flow';
import { stepsOf } from '../canvas/canvas-ids.js';
import { outermost, removeOperations } from '../canvas/from-canvas.js';
import type { CanvasView } from '../canvas/canvas-view.js';
import { layOut } from '../canvas/layout.js';
import type { EditorStore } from '../store/editor-store.js';
import { addNote } from './add-note.js';
import { duplicateSteps } from './copy-steps.js';
import { foldable, groupOperation, ungroupOperations } from './group-steps.js';
import { nextProblemStep } from './next-problem.js';

/** What a command may touch. */
export interface CommandContext {
  store: EditorStore;
  /** Null until the canvas stands. */
  readonly view: CanvasView | null;
  /** Something else stands in the place of the drawing: nothing of it is changed unseen. */
  readonly isCovered: boolean;
  save: () => void;
  publish: () => void;
  find: () => void;
  addAfter: () => void;
  connect: (from: string) => void;
  tryStep: (step: string) => void;
  foldPalette: () => void;
  foldPanel: () => void;
  showKeys: () => void;
  showTour: () => void;
}

/** Under which heading its key is explained. */
export const keyGroups = ['Change', 'Move around', 'Draft', 'Fields', 'Page'] as const;
export type KeyGroup = (typeof keyGroups)[number];

/** One deed of the editor: keyboard and menus read the same list. */
export interface Command {
  id: string;
  group: KeyGroup;
  label: string;
  /** `mod` is ⌘ on Apple machines and Ctrl elsewhere; without any it is found by its name alone. */
  keys: readonly string[];
  /** A key that is held does it once: it reaches past the drawing. */
  isOnce?: boolean;
  canRun?: (context: CommandContext) => boolean;
  run: (context: CommandContext) => void;
}

function hasSelection({ store }: CommandContext): boolean {
  return store.getState().selection.length > 0;
}

/** The one step that is selected, or null. */
function oneStep({ store }: CommandContext): string | null {
  const { document, selection } = store.getState();
  return selection.length === 1 ? (findStep(document, selection[0] ?? '')?.id ?? null) : null;
}

function stepIds(document: FlowDocument): string[] {
  return document.steps.map(({ id }) => id);
}

export const commands: readonly Command[] = [
  {
    id: 'undo',
    group: 'Change',
    label: 'Undo',
    keys: ['mod+z'],
    canRun: ({ store }) => store.getState().history.past.length > 0,
    run: ({ store }) => store.getState().actions.undo(),
  },
  {
    id: 'redo',
    group: 'Change',
    label: 'Redo',
    keys: ['mod+shift+z', 'mod+y'],
    canRun: ({ store }) => store.getState().history.future.length > 0,
    run: ({ store }) => store.getState().actions.redo(),
  },
  {
    id: 'delete',
    group: 'Change',
    label: 'Delete what is selected',
    keys: ['Delete', 'Backspace'],
    canRun: hasSelection,
    run({ store }) {
      const { document, selection, actions } = store.getState();
      actions.change(removeOperations(document, selection), { select: [] });
    },
  },
  {
    id: 'duplicate',
    group: 'Change',
    label: 'Duplicate',
    keys: ['mod+d'],
    canRun: hasSelection,
    run({ store }) {
      const { document, selection, actions } = store.getState();
      const { operation, select } = duplicateSteps(document, selection);
      if (operation.length > 0) actions.change(operation, { select });
    },
  },
  {
    id: 'select-all',
    group: 'Move around',
    label: 'Select every step',
    keys: ['mod+a'],
    run: ({ store }) => store.getState().actions.select(stepIds(store.getState().document)),
  },
  { id: 'add-after', group: 'Change', label: 'Add a step after', keys: ['a'], run: ({ addAfter }) => addAfter() },
  {
    id: 'connect',
    group: 'Change',
    label: 'Connect to another step',
    keys: ['c'],
    canRun: (context) => oneStep(context) !== null,
    run(context) {
      const step = oneStep(context);
      if (step !== null) context.connect(step);
    },
  },
  {
    id: 'try',
    group: 'Draft',
    label: 'Run the step',
    keys: ['shift+Enter'],
    isOnce: true,
    canRun: (context) => oneStep(context) !== null,
    run(context) {
      const step = oneStep(context);
      if (step !== null) context.tryStep(step);
    },
  },
  {
    id: 'switch',
    group: 'Change',
    label: 'Switch steps off or on',
    keys: ['d'],
    canRun: hasSelection,
    run({ store }) {
      const { document, selection, actions } = store.getState();
      const steps = selection.flatMap((id) => findStep(document, id) ?? []).filter(({ kind }) => kind !== 'trigger');
      const isOn = steps.some(({ disabled }) => !disabled);
      actions.change(steps.map((step): Operation => ({ kind: 'update-step', step: { ...step, disabled: isOn } })));
    },
  },
  {
    id: 'note',
    group: 'Change',
    label: 'Add a note',
    keys: ['n'],
    run: ({ store, view }) => {
      addNote(store.getState().actions, view?.centre() ?? [0, 0]);
    },
  },
  {
    id: 'group',
    group: 'Change',
    label: 'Group steps',
    keys: ['mod+g'],
    canRun: ({ store }) => outermost(store.getState().document, store.getState().selection).length > 0,
    run({ store }) {
      const { document, selection, actions } = store.getState();
      const grouped = groupOperation(document, selection);
      if (grouped !== null) actions.change(grouped.operation, { select: [grouped.select] });
    },
  },
  {
    id: 'ungroup',
    group: 'Change',
    label: 'Ungroup, or take steps out of their group',
    keys: ['mod+shift+g'],
    canRun: hasSelection,
    run({ store }) {
      const { document, selection, actions } = store.getState();
      actions.change(ungroupOperations(document, selection), { select: stepsOf(document, selection) });
    },
  },
  {
    id: 'fold',
    group: 'Move around',
    label: 'Fold or open a loop or a group',
    keys: ['e'],
    canRun: ({ store }) => foldable(store.getState().document, store.getState().selection) !== null,
    run({ store, view }) {
      const { document, selection, actions } = store.getState();
      const id = foldable(document, selection);
      if (id === null) return;
      actions.fold(id);
      actions.select([id]);
      requestAnimationFrame(() => view?.show(id));
    },
  },
  {
    id: 'tidy',
    group: 'Change',
    label: 'Tidy up',
    keys: ['l'],
    run({ store, view }) {
      const { document, actions } = store.getState();
      actions.change({ kind: 'move-steps', to: layOut(document) });
      requestAnimationFrame(() => view?.fit());
    },
  },
  { id: 'fit', group: 'Move around', label: 'Fit the flow', keys: ['0'], run: ({ view }) => view?.fit() },
  { id: 'zoom', group: 'Move around', label: 'Zoom to 100 %', keys: ['1'], run: ({ view }) => view?.zoomTo(1) },
  { id: 'find', group: 'Move around', label: 'Find a step on the canvas', keys: ['mod+f'], run: ({ find }) => find() },
  {
    id: 'next-problem',
    group: 'Move around',
    label: 'Next problem',
    keys: ['F8'],
    canRun: ({ store }) => store.getState().problems.length > 0,
    run({ store, view }) {
      const { problems, selection, actions } = store.getState();
      const step = nextProblemStep(problems, selection[0]);
      actions.select(step === null ? [] : [step]);
      if (step !== null) view?.show(step);
    },
  },
  { id: 'save', group: 'Draft', label: 'Save the draft now', keys: ['mod+s'], run: ({ save }) => save() },
  {
    id: 'publish',
    group: 'Draft',
    label: 'Publish',
    keys: ['mod+Enter'],
    isOnce: true,
    run: ({ publish }) => publish(),
  },
  {
    id: 'fold-palette',
    group: 'Page',
    label: 'Fold the palette',
    keys: ['['],
    run: ({ foldPalette }) => foldPalette(),
  },
  { id: 'fold-panel', group: 'Page', label: 'Fold the panel', keys: [']'], run: ({ foldPanel }) => foldPanel() },
  { id: 'keys', group: 'Page', label: 'Keys of this page', keys: ['?'], run: ({ showKeys }) => showKeys() },
  { id: 'tour', group: 'Page', label: 'Show the tour', keys: [], run: ({ showTour }) => showTour() },
];

/** `mod+shift+z` of a key press; letters without regard to case. */
export function keyOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>): string {
  const isLetter = /^[a-z]$/i.test(event.key);
  const parts = [
    (event.ctrlKey || event.metaKey) && 'mod',
    event.altKey && 'alt',
    // Of signs such as `?` the shift is already in the key.
    event.shiftKey && (isLetter || event.key.length > 1) && 'shift',
    isLetter ? event.key.toLowerCase() : event.key,
  ];
  return parts.filter(Boolean).join('+');
}
