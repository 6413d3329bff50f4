import { z } from 'zod';

/** How many calls may be made: so many at once after a pause, then so many a second. Past it, steps wait. */
export const callLimitsSchema = z.strictObject({
  /** From one in about 20 minutes. */
  callsPerSecond: z.number().min(0.001).max(10_000),
  burst: z.int().min(1).max(10_000),
});
export type CallLimits = z.output<typeof callLimitsSchema>;
