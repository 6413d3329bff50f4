import { z } from 'zod';
import { assertNever } from '../../lib/assert-never.js';
import { type FlowDocument, isContainer, limits } from '../document.js';
import { everyStep } from '../graph.js';
import { addStep, addStepSchema } from './add-step.js';
import { connect, connectSchema } from './connect.js';
import { disconnect, disconnectSchema } from './disconnect.js';
import { replaceDocument, replaceDocumentSchema, setSettings, setSettingsSchema } from './document-operations.js';
import { insertOnEdge, insertOnEdgeSchema } from './insert-on-edge.js';
import { moveSteps, moveStepsSchema } from './move-steps.js';
import { removeGroup, removeGroupSchema, setGroup, setGroupSchema } from './groups.js';
import { addNote, addNoteSchema, removeNote, removeNoteSchema, updateNote, updateNoteSchema } from './notes.js';
import { OperationRefused } from './operation-refused.js';
import { pasteSteps, pasteStepsSchema } from './paste-steps.js';
import { removeStep, removeStepSchema } from './remove-step.js';
import { renameStep, renameStepSchema } from './rename-step.js';
import { removeSlot, removeSlotSchema, setSlot, setSlotSchema } from './slots.js';
import { updateStep, updateStepSchema } from './update-step.js';

/** All the ways in which a flow document changes. */
export const operationSchema = z.discriminatedUnion('kind', [
  addStepSchema,
  removeStepSchema,
  moveStepsSchema,
  renameStepSchema,
  updateStepSchema,
  connectSchema,
  disconnectSchema,
  insertOnEdgeSchema,
  pasteStepsSchema,
  setSlotSchema,
  removeSlotSchema,
  addNoteSchema,
  updateNoteSchema,
  removeNoteSchema,
  setGroupSchema,
  removeGroupSchema,
  setSettingsSchema,
  replaceDocumentSchema,
]);
export type Operation = z.output<typeof operationSchema>;

/**
 * The document after one operation; what stays the same is shared with the one before, which is not changed.
 * Throws OperationRefused when the operation makes no sense for this document.
 *
 * @example apply(document, { kind: 'connect', edge: { from: 'paid', to: 'clean' } })
 */
export function apply(document: FlowDocument, operation: Operation): FlowDocument {
  const changed = change(document, operation);
  assertWithinLimits(changed);
  return changed;
}

function change(document: FlowDocument, operation: Operation): FlowDocument {
  switch (operation.kind) {
    case 'add-step':
      return addStep(document, operation);
    case 'remove-step':
      return removeStep(document, operation);
    case 'move-steps':
      return moveSteps(document, operation);
    case 'rename-step':
      return renameStep(document, operation);
    case 'update-step':
      return updateStep(document, operation);
    case 'connect':
      return connect(document, operation);
    case 'disconnect':
      return disconnect(document, operation);
    case 'insert-on-edge':
      return insertOnEdge(document, operation);
    case 'paste-steps':
      return pasteSteps(document, operation);
    case 'set-slot':
      return setSlot(document, operation);
    case 'remove-slot':
      return removeSlot(document, operation);
    case 'add-note':
      return addNote(document, operation);
    case 'update-note':
      return updateNote(document, operation);
    case 'remove-note':
      return removeNote(document, operation);
    case 'set-group':
      return setGroup(document, operation);
    case 'remove-group':
      return removeGroup(document, operation);
    case 'set-settings':
      return setSettings(document, operation);
    case 'replace-document':
      return replaceDocument(document, operation);
    default:
      return assertNever(operation);
  }
}

const maxNotes = 500;
const maxGroups = 500;

/** The schema's own limits, which a change could pass. */
function assertWithinLimits(document: FlowDocument): void {
  let steps = 0;
  let edges = document.edges.length;
  for (const step of everyStep(document)) {
    steps += 1;
    if (isContainer(step)) edges += step.edges.length;
  }
  if (steps > limits.steps || edges > limits.steps * 4) {
    throw new OperationRefused(
      'flow.too_large',
      `A flow holds at most ${limits.steps} steps and ${limits.steps * 4} edges. Split it in two.`,
    );
  }
  if (document.notes.length > maxNotes)
    throw new OperationRefused('flow.too_large', `A flow holds at most ${maxNotes} notes.`);
  if (document.groups.length > maxGroups)
    throw new OperationRefused('flow.too_large', `A flow holds at most ${maxGroups} groups.`);
}
