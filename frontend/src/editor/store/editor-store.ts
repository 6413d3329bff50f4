import type { RunStep } from '@sluice/shared/api';
import type { Catalogue } from '@sluice/shared/connector';
import {
  apply,
  type Boundaries,
  checkFlow,
  type Collision,
  computeManifest,
  containersAround,
  everyStep,
  type FlowDocument,
  type FlowProblem,
  type Manifest,
  mergeDrafts,
  type Operation,
  OperationRefused,
} from '@sluice/shared/flow';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { turned } from '../../lib/turned.js';
import { groupNodeId, isOnDocument } from '../canvas/canvas-ids.js';
import { placesOf } from '../canvas/layout.js';
import { roomOperations } from '../canvas/make-room.js';
import { emptyHistory, type History, remember, travel } from './history.js';
import { type RefusingPlace, refusingPlaces } from './refusing-places.js';
import { type Samples, samplesOf } from './samples.js';

/** How far the draft is kept on the server. */
export type SaveState =
  | { readonly kind: 'saved'; readonly at: string | null }
  | { readonly kind: 'pending' }
  | { readonly kind: 'saving' }
  /** Kept here, and tried again by itself or with the next change; nothing is lost. */
  | { readonly kind: 'failed'; readonly message: string; readonly isTriedAgain: boolean }
  /** Somebody else changed the same; nothing is sent until one is chosen. */
  | { readonly kind: 'conflict'; readonly collisions: readonly Collision[] };

export interface EditorState {
  readonly document: FlowDocument;
  readonly catalogue: Catalogue;
  /** What the workspace says of where data may go. */
  readonly boundaries: Boundaries;
  readonly problems: readonly FlowProblem[];
  /** Environments that would refuse what is drawn. */
  readonly refusing: readonly RefusingPlace[];
  readonly manifest: Manifest;
  readonly samples: Samples;
  /** The body that stands in for the trigger's own sample; undefined uses that. */
  readonly sampleBody: unknown;
  /** Outputs that the person set, by step. */
  readonly pins: Readonly<Record<string, unknown>>;
  /** What steps gave in trials, masked as runs are, by step. */
  readonly learned: Readonly<Record<string, unknown>>;
  /** What connectors computed of samples, by key. */
  readonly computed: ReadonlyMap<string, unknown>;
  /** The steps of the trial that is drawn over the canvas; null while drawing. */
  readonly run: ReadonlyMap<string, RunStep> | null;
  readonly history: History;
  /** Ids on the canvas: of steps, `note:` and `group:` ids and `from:port->to` of wires. */
  readonly selection: readonly string[];
  /** Loops, and by `group:` ids groups, that are drawn as one step. */
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
  /** Folds a loop or a group, or opens it again. */
  fold(id: string): void;
  /** Opens every loop and group around a step. */
  reveal(id: string): void;
  setSample(body: unknown): void;
  /** What a step gives from now on, as far as the drawing knows; undefined forgets it. */
  pin(step: string, output: unknown): void;
  /** Forgets what a step gave in trials. */
  forgetLearned(step: string): void;
  /** What the server computed of a sample; undefined where it refused. */
  learnComputed(key: string, output: unknown): void;
  /** Draws a trial over the canvas and learns what its steps gave; null takes it off. */
  showRun(steps: readonly RunStep[] | null): void;
  setSave(save: SaveState): void;
  /** The server's word on exactly this document. */
  confirm(document: FlowDocument, checked: { problems: FlowProblem[]; manifest: Manifest }): void;
  /** Puts what others did since `base` into the drawing and into each step back; `keep` names what stays mine. */
  takeIn(others: { base: FlowDocument; theirs: FlowDocument }, keep: ReadonlySet<string>): void;
}

export type EditorStore = StoreApi<EditorState & { readonly actions: EditorActions }>;

export function createEditorStore(start: {
  document: FlowDocument;
  catalogue: Catalogue;
  boundaries?: Boundaries;
  /** What the tab kept of an earlier visit. */
  known?: Partial<Pick<EditorState, 'sampleBody' | 'pins' | 'learned'>>;
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
        const { document } = get();
        const loops = containersAround(document, id).map((container) => container.id);
        const held = new Set([id, ...loops]);
        const groups = document.groups.filter(({ steps }) => steps.some((step) => held.has(step)));
        const around = new Set([...loops, ...groups.map((group) => groupNodeId(group.id))]);
        set(({ folded }) => ({ folded: new Set([...folded].filter((each) => !around.has(each))) }));
      },
      setSample: (sampleBody) => set((before) => ({ sampleBody, samples: sampled({ ...before, sampleBody }) })),
      pin(step, output) {
        set((before) => {
          const pins = { ...before.pins, [step]: output };
          return { pins, samples: sampled({ ...before, pins }) };
        });
      },
      forgetLearned(step) {
        set((before) => {
          const { [step]: _gone, ...learned } = before.learned;
          return { learned, samples: sampled({ ...before, learned }) };
        });
      },
      learnComputed(key, output) {
        set((before) => {
          const computed = new Map([...[...before.computed].slice(-mostComputed), [key, output]]);
          return { computed, samples: sampled({ ...before, computed }) };
        });
      },
      showRun(steps) {
        set((before) => {
          if (steps === null) return { run: null };
          const learned = { ...before.learned, ...outputsOf(steps) };
          return {
            run: new Map(steps.map((step) => [step.id, step])),
            learned,
            samples: sampled({ ...before, learned }),
          };
        });
      },
      setSave: (save) => set({ save }),
      confirm(document, { problems, manifest }) {
        if (get().document === document) set({ problems, manifest });
      },
      takeIn(others, keep) {
        const { document, history } = get();
        const merged = (mine: FlowDocument) => mergeDrafts({ ...others, mine }, keep).document;
        const [past, future] = [history.past.map(merged), history.future.map(merged)];
        show(merged(document), { history: { past, future, mergeKey: null } });
      },
    };
    const { document, catalogue, boundaries = noBoundaries, known = {}, isReadOnly = false } = start;
    const { sampleBody, pins = {}, learned = {} } = known;
    return {
      document,
      catalogue,
      boundaries,
      ...checked(document, { catalogue, boundaries }),
      manifest: computeManifest(document, catalogue, boundaries.answers),
      samples: sampled({ document, catalogue, sampleBody, pins, learned, computed: new Map() }),
      sampleBody,
      pins,
      learned,
      computed: new Map(),
      run: null,
      history: emptyHistory,
      selection: [],
      folded: new Set(),
      save: { kind: 'saved', at: null },
      isReadOnly,
      actions,
    };
  });
}

/** Each change of an input is another one; those of long ago are computed anew. */
const mostComputed = 100;
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

/** Whether only places, notes, groups and settings differ between two states of a drawing. */
export function isSameMeaning(one: FlowDocument, other: FlowDocument): boolean {
  return one.steps === other.steps && one.edges === other.edges && one.slots === other.slots;
}

function checked(
  document: FlowDocument,
  { catalogue, boundaries }: Pick<EditorState, 'catalogue' | 'boundaries'>,
): Pick<EditorState, 'problems' | 'refusing'> {
  const problems = checkFlow(document, catalogue, boundaries);
  return { problems, refusing: refusingPlaces({ document, catalogue, boundaries }, problems) };
}

/** What follows from a document; nothing when only places, notes and groups differ. */
function derive(document: FlowDocument, before: EditorState): Partial<EditorState> {
  if (isSameMeaning(document, before.document)) return {};
  return {
    ...checked(document, before),
    manifest: computeManifest(document, before.catalogue, before.boundaries.answers),
    samples: sampled({ ...before, document }),
    // What is drawn now is not what ran.
    run: null,
  };
}

function sampled(
  of: Pick<EditorState, 'document' | 'catalogue' | 'sampleBody' | 'pins' | 'learned' | 'computed'>,
): Samples {
  const { document, catalogue, sampleBody, pins, learned, computed } = of;
  return samplesOf(document, catalogue, { body: sampleBody, pins, learned, computed });
}

function outputsOf(steps: readonly RunStep[]): Record<string, unknown> {
  const done = steps.filter(
    ({ status, kind, output }) => status === 'succeeded' && kind !== 'trigger' && output != null,
  );
  return Object.fromEntries(done.map(({ id, output }) => [id, output]));
}
