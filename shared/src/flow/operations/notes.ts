import { z } from 'zod';
import { type FlowDocument, noteSchema } from '../document.js';
import { OperationRefused } from './operation-refused.js';

export const addNoteSchema = z.strictObject({ kind: z.literal('add-note'), note: noteSchema });
export const updateNoteSchema = z.strictObject({ kind: z.literal('update-note'), note: noteSchema });
export const removeNoteSchema = z.strictObject({ kind: z.literal('remove-note'), id: noteSchema.shape.id });

export function addNote(document: FlowDocument, { note }: z.output<typeof addNoteSchema>): FlowDocument {
  if (document.notes.some(({ id }) => id === note.id)) {
    throw new OperationRefused('note.duplicate_id', 'The flow has this note already.');
  }
  return { ...document, notes: [...document.notes, note] };
}

export function updateNote(document: FlowDocument, { note }: z.output<typeof updateNoteSchema>): FlowDocument {
  assertHasNote(document, note.id);
  return { ...document, notes: document.notes.map((other) => (other.id === note.id ? note : other)) };
}

export function removeNote(document: FlowDocument, { id }: z.output<typeof removeNoteSchema>): FlowDocument {
  assertHasNote(document, id);
  return { ...document, notes: document.notes.filter((note) => note.id !== id) };
}

function assertHasNote(document: FlowDocument, id: string): void {
  if (document.notes.some((note) => note.id === id)) return;
  throw new OperationRefused('note.unknown', 'The note is not there any more; someone may have removed it.');
}
