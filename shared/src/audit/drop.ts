import { z } from 'zod';
import { hashTextSchema, laneSchema } from './block.js';

/** The action of the entry that says what retention took from the log. */
export const dropAction = 'log.dropped';

/** Blocks of a lane that were dropped together, between the hash before them and the hash of the last of them. */
const laneDropSchema = z.object({
  first: z.int().min(0),
  n: z.int().min(0),
  prev: hashTextSchema,
  hash: hashTextSchema,
});
export type LaneDrop = z.output<typeof laneDropSchema>;

/** Its detail: for each lane the last blocks that were dropped, so that the newest entry speaks for all before it. */
const dropDetailSchema = z.object({ lanes: z.record(laneSchema, laneDropSchema) });

/** What an entry says was dropped: lane, number and hash of the last block of each. Empty for any other entry. */
export function readDrops({ action, detail }: { action: string; detail?: unknown }): [lane: string, drop: LaneDrop][] {
  if (action !== dropAction) return [];
  const parsed = dropDetailSchema.safeParse(detail);
  return parsed.success ? Object.entries(parsed.data.lanes) : [];
}
