import { z } from 'zod';

/** Something in a draft that stops it from being published, in words that say what to do. */
export const flowProblemSchema = z.object({
  /** Stable, e.g. `step.slot_unknown`. */
  code: z.string(),
  message: z.string(),
  /** The step it belongs to; none when it concerns the whole flow. */
  step: z.string().optional(),
  /** Where inside the step or document, e.g. `['input', 'email']`. */
  path: z.array(z.union([z.string(), z.number()])).optional(),
});
export type FlowProblem = z.output<typeof flowProblemSchema>;
