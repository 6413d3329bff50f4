import type { FaultRooms } from '../run-faults.js';

/** `full` takes the times that the product has; `short` the same with shorter leases and fewer tries, for every commit. */
export type Form = 'full' | 'short';

/** One trouble with a name, and what must hold in it. */
export interface FaultCase {
  /** As `--only` takes it. */
  name: string;
  /** What holds, as a sentence. */
  says: string;
  /** `found`: what was counted and measured. */
  run(rooms: FaultRooms, form: Form): Promise<{ found: string; problems: string[] }>;
}
