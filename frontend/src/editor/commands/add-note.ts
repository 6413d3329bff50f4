import { noteNodeId } from '../canvas/canvas-ids.js';
import { snap } from '../canvas/layout.js';
import type { EditorActions } from '../store/editor-store.js';

/** An empty note at a place, selected: so it opens for writing here, and in no other person's tab. */
export function addNote(actions: EditorActions, at: readonly [number, number]): void {
  const id = `note_${crypto.randomUUID().slice(0, 8)}`;
  actions.change(
    { kind: 'add-note', note: { id, text: '', at: [snap(at[0] - 100), snap(at[1] - 40)] } },
    { select: [noteNodeId(id)] },
  );
}
