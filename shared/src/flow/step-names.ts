import { jsonSchema } from '../lib/json.js';
import { z } from 'zod';

export const limits = {
  steps: 2000,
  inlineValueBytes: 1024 * 1024,
  /** All values that a run keeps, in characters of their JSON; files lie beside them and don't count. */
  runSize: 64_000_000,
  items: 10_000,
  passes: 1000,
} as const;

/** Also the name in expressions (`steps.<id>`), so it must be a plain name. Slots are named alike. */
export const stepIdSchema = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'a step id is a letter, then up to 63 letters, digits or underscores');
export const portSchema = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'a port is a letter, then up to 63 letters, digits, dashes or underscores');

/** A literal, a template (text with `{{ }}`), an expression (`{ "$": "..." }`), or JSON made of these. */
export const mappingSchema = jsonSchema;
export const expressionSchema = z.strictObject({ $: z.string().min(1).max(10_000) });

export const edgeSchema = z.strictObject({
  from: stepIdSchema,
  /** `next` unless named: a case's port or `else` of a branch, `error` of a step with `onError: port`. */
  port: portSchema.optional(),
  to: stepIdSchema,
});
export type Edge = z.output<typeof edgeSchema>;
