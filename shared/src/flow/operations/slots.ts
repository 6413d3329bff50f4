import { z } from 'zod';
import { type FlowDocument, slotSchema, stepIdSchema } from '../document.js';
import { everyStep } from '../graph.js';
import { without } from './edit-graph.js';
import { OperationRefused } from './operation-refused.js';

export const setSlotSchema = z.strictObject({ kind: z.literal('set-slot'), name: stepIdSchema, slot: slotSchema });
export const removeSlotSchema = z.strictObject({ kind: z.literal('remove-slot'), name: stepIdSchema });

export function setSlot(document: FlowDocument, { name, slot }: z.output<typeof setSlotSchema>): FlowDocument {
  return { ...document, slots: { ...document.slots, [name]: slot } };
}

export function removeSlot(document: FlowDocument, { name }: z.output<typeof removeSlotSchema>): FlowDocument {
  if (!Object.hasOwn(document.slots, name)) throw new OperationRefused('slot.unknown', `The flow has no slot ${name}.`);
  const users = [...everyStep(document)].filter((step) => step.kind === 'action' && step.slot === name);
  if (users.length > 0) {
    const ids = users.map((step) => step.id).join(', ');
    throw new OperationRefused(
      'slot.in_use',
      `The slot ${name} is used by ${ids}. Give these steps another slot first.`,
    );
  }
  return { ...document, slots: without(document.slots, [name]) };
}
