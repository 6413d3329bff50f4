import { z } from 'zod';

/** What a version needs, computed from it: it is what an approver sees and what a grant is checked against. */
export const manifestSchema = z.object({
  slots: z.record(
    z.string(),
    z.object({
      connector: z.string(),
      /** Scope ids of the connector, sorted. */
      scopes: z.array(z.string()),
      /** Fixed hosts, or `connection` when the bound connection names them. */
      hosts: z.union([z.array(z.string()), z.literal('connection')]),
      /** `POST /crm/v3/objects/contacts`, sorted. */
      calls: z.array(z.string()),
      /** Steps that use the slot, in document order. */
      steps: z.array(z.string()),
    }),
  ),
  /** Every fixed host of every slot, sorted. */
  hosts: z.array(z.string()),
  /** `connector:scope`, sorted. */
  scopes: z.array(z.string()),
  /** What each action sends outside: the input fields that are mapped, their class, and the paths they read. */
  sends: z.array(
    z.object({
      step: z.string(),
      slot: z.string(),
      fields: z.array(
        z.object({
          field: z.string(),
          class: z.enum(['public', 'internal', 'personal', 'payment', 'health', 'secret']),
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
