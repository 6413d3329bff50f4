import { z } from 'zod';
import { fieldClassSchema } from '../connector/field-class.js';

/** Something in a draft that stops it from being published, in words that say what to do. */
export const flowProblemSchema = z.object({
  /** Stable, e.g. `step.slot_unknown`. */
  code: z.string(),
  message: z.string(),
  /** The step it belongs to; none when it concerns the whole flow. */
  step: z.string().optional(),
  /** Where inside the step or document, e.g. `['input', 'email']`. */
  path: z.array(z.union([z.string(), z.number()])).optional(),
  /** Of the data in question. */
  class: fieldClassSchema.optional(),
  /** The places that the data in question came along, its source first. */
  trail: z.array(z.object({ step: z.string(), field: z.string() })).optional(),
});
export type FlowProblem = z.output<typeof flowProblemSchema>;
