import type { Operation } from '@sluice/shared/flow';
import { snap } from '../canvas/layout.js';

/** An empty note at a place; it opens for writing. */
export function addNoteOperation(at: readonly [number, number]): Operation {
  const id = `note_${crypto.randomUUID().slice(0, 8)}`;
  return { kind: 'add-note', note: { id, text: '', at: [snap(at[0] - 100), snap(at[1] - 40)] } };
}
