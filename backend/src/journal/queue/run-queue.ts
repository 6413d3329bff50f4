import type { SqlRunner } from '../../platform/changes.js';
import type { NewJob } from '../records.js';

/** A run that waits to be carried on, taken off the queue for a minute. */
export interface RunJob {
  id: string;
  /** Which of its fetches this is: settling a lapsed one does nothing. */
  attempt: number;
  run: string;
}

/**
 * Runs that no process carries: parked until a time, past the window, or left by a process that died. A job is settled
 * by the transaction that claims its run; from then on the process's lease guards it, so jobs need no long life.
 */
export abstract class RunQueue {
  /** Adds jobs inside the transaction of `tx`: due at once, or parked until their time. */
  abstract enqueue(tx: SqlRunner, jobs: readonly NewJob[]): Promise<void>;
  /** Makes the parked jobs of a workspace that a kill switch held due now. */
  abstract hurryHeld(tx: SqlRunner, workspace: string): Promise<void>;
  /** Takes up to `limit` due jobs, those of workspaces in `fullWorkspaces` left out. */
  abstract fetch(limit: number, fullWorkspaces: readonly string[]): Promise<RunJob[]>;
  /** Removes fetched jobs inside the transaction of `tx`. */
  abstract settle(tx: SqlRunner, jobs: readonly RunJob[]): Promise<void>;
  /** How many are due, parked for later, and being claimed. */
  abstract stats(): Promise<{ ready: number; deferred: number; active: number }>;
}
