import { z } from 'zod';
import { fieldClassSchema } from '../connector/field-class.js';

/** What a workspace says of where data may go. */
export const boundariesSchema = z.object({
  /** What other flows answer to a step that runs them, by id. */
  answers: z.record(z.string(), z.array(fieldClassSchema)),
  /** The classes that each environment takes. */
  environments: z.array(z.object({ name: z.string(), classes: z.array(fieldClassSchema) })),
});
export type Boundaries = z.output<typeof boundariesSchema>;
