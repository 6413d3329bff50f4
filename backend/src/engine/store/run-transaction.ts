import type { NewEntry, NewJob } from '../../journal/records.js';

/** Where a step stands. */
export interface StepPlace {
  run: string;
  /** Key of the step. */
  step: string;
}

export interface RunRow {
  workspace: string;
  environment: string;
  flow: string;
  owner: string | null;
  isOver: boolean;
}

/** Of a value that a flow remembers. */
export interface StatePlace {
  flow: string;
  environment: string;
  /** Of its key. */
  hash: string;
}

/** What the engine does within a transaction, READ COMMITTED. What is locked stays so until it ends. */
export abstract class RunTransaction {
  abstract findRun(run: string): Promise<RunRow | null>;
  abstract lockRun(run: string): Promise<RunRow | null>;
  /** Runs that wait steps of this one began and that aren't over. */
  abstract findChildren(run: string): Promise<string[]>;
  /** Ends a run that nobody carries, as cancelled. Its parent's step when that waits for it. */
  abstract endParked(run: string): Promise<StepPlace | null>;
  /** Makes a run that nobody carries and that is in doubt a running one; its environment, or null when there is none. */
  abstract reopen(of: { run: string; workspace: string }): Promise<string | null>;
  /** The texts of the entries about a step, by its id, in all passes. */
  abstract findStepBodies(run: string, stepId: string): Promise<string[]>;

  /** An approval that is open now. */
  abstract lockApproval(
    of: StepPlace & { workspace: string },
  ): Promise<{ environment: string; deciders: readonly string[] } | null>;
  /** Makes room for the answer of a callback that may not be asked yet. */
  abstract expectCallback(of: StepPlace & { workspace: string; environment: string; flow: string }): Promise<void>;
  /** Lays an answer beside its question; false when there is one, or it comes too late. */
  abstract answer(of: StepPlace & { answer: Buffer }): Promise<boolean>;

  /** Makes runs nobody's: of owners that are no process, or some of one that is. Their epoch rises, so that no late write of whoever carried them counts. */
  abstract release(
    of: { lostOwners: readonly string[] } | { owner: string; runs: readonly string[] },
  ): Promise<{ run: string; workspace: string }[]>;

  /** What a step's change of a flow's state gave, when it was made before. */
  abstract findStateResult(of: StepPlace): Promise<Buffer | null>;
  abstract keepStateResult(of: StepPlace & { result: Buffer }): Promise<void>;
  /** Two runs that write one value wait for each other, also while there is no row yet. */
  abstract lockState(name: string): Promise<void>;
  abstract findState(place: StatePlace): Promise<Buffer | null>;
  abstract putState(
    place: StatePlace & { workspace: string; value: Buffer; keepSeconds: number | null },
  ): Promise<void>;

  abstract enqueue(jobs: readonly NewJob[]): Promise<void>;
  /** Tells every process once this is committed. */
  abstract notify(topic: 'runs' | 'cancels' | 'answers', run: string): Promise<void>;
  /** Call it last: other writers of the administrative side wait from then on. */
  abstract record(entries: readonly NewEntry[]): Promise<void>;
}
