import { z } from 'zod';
import { type FlowDocument, flowDocumentSchema } from '../document.js';

export const setSettingsSchema = z.strictObject({
  kind: z.literal('set-settings'),
  settings: flowDocumentSchema.shape.settings.unwrap(),
});
export const replaceDocumentSchema = z.strictObject({
  kind: z.literal('replace-document'),
  document: flowDocumentSchema,
});

/** All settings as they shall be. */
export function setSettings(document: FlowDocument, { settings }: z.output<typeof setSettingsSchema>): FlowDocument {
  return { ...document, settings };
}

/** What undo, import and restoring a version do. */
export function replaceDocument(
  _document: FlowDocument,
  operation: z.output<typeof replaceDocumentSchema>,
): FlowDocument {
  return operation.document;
}
