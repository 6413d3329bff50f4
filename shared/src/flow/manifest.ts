import { z } from 'zod';
import { fieldClassSchema } from '../connector/field-class.js';

/** What a version needs, computed from it: it is what an approver sees and what a grant is checked against. */
export const manifestSchema = z.object({
  slots: z.record(
    z.string(),
    z.object({
      connector: z.string(),
      /** Of an imported connector: the declaration that the version was published with, and goes on with. */
      version: z.string().optional(),
      /** Scope ids of the connector, sorted. */
      scopes: z.array(z.string()),
      /** Fixed hosts, or `connection` when the bound connection names them. */
      hosts: z.union([z.array(z.string()), z.literal('connection')]),
      /** `POST /crm/v3/objects/contacts`, sorted. */
      calls: z.array(z.string()),
      /** Those of the calls whose answers come in whole, because nothing says which fields are needed. */
      wholeReplies: z.array(z.string()).default([]),
      /** Steps that use the slot, in document order. */
      steps: z.array(z.string()),
    }),
  ),
  /** Every fixed host of every slot, sorted. */
  hosts: z.array(z.string()),
  /** `connector:scope`, sorted. */
  scopes: z.array(z.string()),
  /** What its answer holds for whoever waits for it, the gravest first. */
  answers: z.array(fieldClassSchema).default([]),
  /** What each action sends outside: the input fields that are mapped, their class, and the paths they read. */
  sends: z.array(
    z.object({
      step: z.string(),
      slot: z.string(),
      fields: z.array(
        z.object({
          field: z.string(),
          /** The gravest of what the connector says of the field and what its data brings along. */
          class: fieldClassSchema,
          /** What its data brings along, the gravest first; none for what the flow itself says. */
          classes: z.array(fieldClassSchema).default([]),
          reads: z.array(z.string()),
          /** Where that comes from in the end, past the steps that only compute; of versions published before it was told, nothing. */
          origins: z.array(z.string()).default([]),
          /** Of a field that says to whom data goes: what is written into it, as canonical JSON. */
          written: z.array(z.string()).default([]),
        }),
      ),
    }),
  ),
});
export type Manifest = z.output<typeof manifestSchema>;

/** `personal:email`: a field that changes its class is another field to an approver. */
export function sentFieldName({ field, class: kind }: { field: string; class: string }): string {
  return `${kind}:${field}`;
}
