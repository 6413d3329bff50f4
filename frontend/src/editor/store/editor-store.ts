import type { Catalogue } from '@sluice/shared/connector';
import {
  apply,
  type Boundaries,
  checkFlow,
  computeManifest,
  containersAround,
  everyStep,
  type FlowDocument,
  type FlowProblem,
  type Manifest,
  type Operation,
  OperationRefused,
} from '@sluice/shared/flow';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { turned } from '../../lib/turned.js';
import { isOnDocument } from '../canvas/canvas-ids.js';
import { placesOf } from '../canvas/layout.js';
import { roomOperations } from '../canvas/make-room.js';
import { emptyHistory, type History, remember, travel } from './history.js';
import { type Samples, samplesOf } from './samples.js';

/** How far the draft is kept on the server. */
export type SaveState =
  | { readonly kind: 'saved'; readonly at: string | null }
  | { readonly kind: 'pending' }
  | { readonly kind: 'saving' }
  /** Kept here and tried again; nothing is lost. */
  | { readonly kind: 'failed'; readonly message: string }
  /** Somebody else saved over what this draft began from. */
  | { readonly kind: 'conflict' };

export interface EditorState {
  readonly document: FlowDocument;
  readonly catalogue: Catalogue;
  /** What the workspace says of where data may go. */
  readonly boundaries: Boundaries;
  readonly problems: readonly FlowProblem[];
  readonly manifest: Manifest;
  readonly samples: Samples;
  /** The body that stands in for the trigger's own sample; undefined uses that. */
  readonly sampleBody: unknown;
  readonly history: History;
  /** Ids on the canvas: of steps, `note:` ids and `from:port->to` of wires. */
  readonly selection: readonly string[];
  /** Loops that are drawn as one step. */
  readonly folded: ReadonlySet<string>;
  readonly save: SaveState;
  readonly isReadOnly: boolean;
}

export interface EditorActions {
  /** Applies all or nothing. Gives the refusal's sentence, or null when done. */
  change(
    operations: Operation | readonly Operation[],
    options?: { merge?: string; select?: readonly string[] },
  ): string | null;
  /** Why the change would be refused, or null. */
  refusalOf(operation: Operation): string | null;
  undo(): void;
  redo(): void;
  select(ids: readonly string[]): void;
  /** Folds a loop, or opens it again. */
  fold(id: string): void;
  /** Opens every loop around a step. */
  reveal(id: string): void;
  setSample(body: unknown): void;
  setSave(save: SaveState): void;
  /** The server's word on exactly this document. */
  confirm(document: FlowDocument, checked: { problems: FlowProblem[]; manifest: Manifest }): void;
  /** Another document from the server: history starts anew. */
  reload(document: FlowDocument): void;
}

export type EditorStore = StoreApi<EditorState & { readonly actions: EditorActions }>;

export function createEditorStore(start: {
  document: FlowDocument;
  catalogue: Catalogue;
  boundaries?: Boundaries;
  isReadOnly?: boolean;
}): EditorStore {
  return createStore((set, get) => {
    function show(document: FlowDocument, more: Partial<EditorState>) {
      set((before) => ({
        ...(document === before.document ? {} : { document, ...derive(document, before) }),
        selection: (more.selection ?? before.selection).filter((id) => isOnDocument(document, id)),
        ...without(more),
      }));
    }
    function move(way: 'back' | 'forward') {
      const { history, document, isReadOnly } = get();
      const moved = isReadOnly ? null : travel(history, document, way);
      if (moved !== null) show(moved.document, { history: moved.history });
    }
    const actions: EditorActions = {
      change(operations, options = {}) {
        const { document, history, isReadOnly } = get();
        if (isReadOnly) return 'Your roles let you read this flow, not change it.';
        try {
          const list: readonly Operation[] = 'kind' in operations ? [operations] : operations;
          if (list.length === 0) return null;
          const changed = [...keepPlaces(document), ...list].reduce<FlowDocument>(apply, document);
          show(roomOperations(document, changed).reduce<FlowDocument>(apply, changed), {
            history: remember(history, document, options.merge ?? null),
            ...(options.select && { selection: options.select }),
          });
          return null;
        } catch (refused) {
          if (refused instanceof OperationRefused) return refused.message;
          throw refused;
        }
      },
      refusalOf(operation) {
        try {
          apply(get().document, operation);
          return null;
        } catch (refused) {
          if (refused instanceof OperationRefused) return refused.message;
          throw refused;
        }
      },
      undo: () => move('back'),
      redo: () => move('forward'),
      select(ids) {
        const { selection, history } = get();
        if (ids.length === selection.length && ids.every((id) => selection.includes(id))) return;
        set({ selection: ids, history: { ...history, mergeKey: null } });
      },
      fold: (id) => set(({ folded }) => ({ folded: turned(folded, id) })),
      reveal(id) {
        const around = new Set(containersAround(get().document, id).map((container) => container.id));
        set(({ folded }) => ({ folded: new Set([...folded].filter((each) => !around.has(each))) }));
      },
      setSample(sampleBody) {
        set((before) => ({ sampleBody, samples: samplesOf(before.document, before.catalogue, sampleBody) }));
      },
      setSave: (save) => set({ save }),
      confirm(document, checked) {
        if (get().document === document) set(checked);
      },
      reload: (document) => show(document, { history: emptyHistory, selection: [] }),
    };
    const { document, catalogue, boundaries = noBoundaries, isReadOnly = false } = start;
    return {
      document,
      catalogue,
      boundaries,
      problems: checkFlow(document, catalogue, boundaries),
      manifest: computeManifest(document, catalogue, boundaries.answers),
      samples: samplesOf(document, catalogue, undefined),
      sampleBody: undefined,
      history: emptyHistory,
      selection: [],
      folded: new Set(),
      save: { kind: 'saved', at: null },
      isReadOnly,
      actions,
    };
  });
}

const noBoundaries: Boundaries = { answers: {}, environments: [] };

/** Steps without a place of their own stay where they were shown, once anything changes. */
function keepPlaces(document: FlowDocument): Operation[] {
  const missing = [...everyStep(document)].filter(({ id }) => document.layout[id] === undefined);
  if (missing.length === 0) return [];
  const places = placesOf(document);
  const to = missing.map(({ id }): [string, [number, number]] => {
    const [x, y] = places[id] ?? [0, 0];
    return [id, [x, y]];
  });
  return [{ kind: 'move-steps', to: Object.fromEntries(to) }];
}

/** The selection is set apart, cut to what the document holds. */
function without({ selection: _selection, ...more }: Partial<EditorState>): Partial<EditorState> {
  return more;
}

/** What follows from a document; nothing when only places and notes differ. */
function derive(document: FlowDocument, before: EditorState): Partial<EditorState> {
  const isSameMeaning =
    document.steps === before.document.steps &&
    document.edges === before.document.edges &&
    document.slots === before.document.slots;
  if (isSameMeaning) return {};
  return {
    problems: checkFlow(document, before.catalogue, before.boundaries),
    manifest: computeManifest(document, before.catalogue, before.boundaries.answers),
    samples: samplesOf(document, before.catalogue, before.sampleBody),
  };
}
