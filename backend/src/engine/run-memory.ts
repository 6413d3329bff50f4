import type { PlannedStep } from '@sluice/shared/flow';
import type { RunError } from '../journal/records.js';
import type { NewId } from '../platform/ids.js';
import type { Timer } from '../platform/timers.js';
import type { Deployment } from './deployments.js';
import type { Level, Work } from './level.js';
import type { EnvironmentKeys, KeyObject } from './run-keys.js';

export interface StepError {
  code: string;
  message: string;
}

/** Where the attempts of a step stand. Attempts count from 1. */
interface Tries {
  /** The next one, or the one under way. */
  attempt: number;
  /** How many of those before failed. */
  failures: number;
  /** One of those before may have worked: look before writing again. */
  check: boolean;
}

/** Passes through a container. */
export interface Loop {
  kind: 'loop';
  /** Of a forEach; a repeat has none. */
  readonly items: readonly unknown[] | null;
  /** Index of the next pass to begin. */
  next: number;
  /** Passes under way. */
  readonly passes: Set<Level>;
  /** What each pass gave, by index; null where it failed. */
  readonly results: unknown[];
  readonly failed: (StepError & { index: number })[];
  /** Why the whole loop fails once what is under way has ended. */
  failure: StepError | null;
  /** A repeat whose condition held. */
  isOver: boolean;
}

/** Where a step that takes time stands. */
export type Progress =
  | ({ kind: 'due' } & Tries)
  | ({ kind: 'calling' } & Tries)
  /** `until` in milliseconds since 1970. `retry` tries again, `wait` is over then. `held`: a kill switch put it off. */
  | ({ kind: 'waiting'; until: number; then: 'retry' | 'wait'; held?: boolean } & Tries)
  /** Waits for an answer from outside of the run, `until` at most; null for no limit. */
  | { kind: 'asked'; of: AskKind; until: number | null }
  | { kind: 'in-doubt'; attempt: number }
  | Loop;

export type AskKind = 'approval' | 'callback' | 'subflow';

/** A step that was begun and isn't settled. */
export interface Task {
  /** Id and pass: `line[3]`. */
  readonly key: string;
  readonly level: Level;
  readonly planned: PlannedStep;
  progress: Progress;
}

/** How a run will end once what is under way has ended. */
export interface Ending {
  status: 'succeeded' | 'failed' | 'cancelled';
  error: RunError | null;
}

/** What a waiting caller is answered. */
export interface RunReply {
  status: number;
  headers: Readonly<Record<string, string>>;
  /** Absent: no body. */
  body?: unknown;
}

/** The step of another run that began this one. */
export interface Parent {
  run: string;
  /** Its key. */
  step: string;
  /** Whether that step hears of the end. */
  waits: boolean;
}

export type StartedBy = 'webhook' | 'manual' | 'replay' | 'subflow' | 'error' | 'retry' | 'schedule' | 'poll' | 'trial';

/** What a run is from its first moment on. */
export interface RunOrigin {
  readonly id: string;
  readonly startedBy: StartedBy;
  readonly parent: Parent | null;
  /** How many runs above it began each other. */
  readonly depth: number;
  /** Whose idempotency keys it uses: its own id, or that of the first run that it tries again. */
  readonly origin: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Of a run that goes in order: what it waits in line for. `key`: as it is stored. */
  readonly line: { readonly key: string | null } | null;
}

/** A run that this process carries. */
export interface RunMemory extends RunOrigin {
  readonly owner: string;
  readonly epoch: number;
  readonly deployment: Deployment;
  readonly keys: EnvironmentKeys;
  readonly payloadKey: KeyObject;
  /** Of what the log tells about its values. */
  readonly salt: string;
  /** How long what it writes is kept, in days. */
  readonly keepDays: number;
  /** Where this installation is reached: callback steps get their addresses from it. */
  readonly publicUrl: string;
  /** Makes the ids of runs that it begins. */
  readonly newId: NewId;
  /** The flow itself; passes through containers hang on the tasks of their containers. */
  readonly root: Level;
  /** Steps that were begun and aren't settled, by key. */
  readonly tasks: Map<string, Task>;
  /** Steps that may begin and had no turn yet: a turn takes only so many. */
  readonly backlog: Work[];
  /** Inputs of actions as JSON by key: resolved once, the same for every attempt. */
  readonly inputs: Map<string, string>;
  /** What steps of the flow itself give in place of running, by id. */
  readonly standIns: Map<string, unknown>;
  /** Ends calls under way. */
  readonly aborts: Set<AbortController>;
  /** How many rows of values were written. */
  turnRows: number;
  /** What they hold, in characters. */
  size: number;
  /** Calls under way, and intents on their way to the log. */
  active: number;
  ending: Ending | null;
  reply: RunReply | null;
  /** Wakes it when a wait ends while something else is under way. */
  timer: Timer | null;
  /** Whether its row is committed: until then nothing else may be written for it. */
  stored: boolean;
  /** Ended, parked, or carried by another process: nothing is written for it any more. */
  closed: boolean;
}

/** When the run has taken too long; null for no limit. */
export function deadlineOf(run: RunMemory): number | null {
  const { timeoutSeconds } = run.deployment.document.settings;
  return timeoutSeconds === undefined ? null : run.startedAt + timeoutSeconds * 1000;
}

/** The next moment at which the run has something to do by itself. */
export function nextDue(run: RunMemory): number | null {
  const times: number[] = [];
  let isInDoubt = false;
  for (const { progress } of run.tasks.values()) {
    if ((progress.kind === 'waiting' || progress.kind === 'asked') && progress.until !== null)
      times.push(progress.until);
    isInDoubt ||= progress.kind === 'in-doubt';
  }
  const deadline = deadlineOf(run);
  const inDoubtOnly = times.length === 0 && isInDoubt;
  if (deadline !== null && !(inDoubtOnly && run.active === 0)) times.push(deadline);
  return times.length === 0 ? null : Math.min(...times);
}

/** A run with nothing under way. */
export function newMemory(
  run: RunOrigin &
    Pick<
      RunMemory,
      | 'owner'
      | 'epoch'
      | 'deployment'
      | 'keys'
      | 'payloadKey'
      | 'salt'
      | 'publicUrl'
      | 'keepDays'
      | 'newId'
      | 'root'
      | 'stored'
    >,
): RunMemory {
  const idle = { turnRows: 0, size: 0, active: 0, ending: null, reply: null, timer: null, closed: false };
  return { ...run, ...idle, tasks: new Map(), backlog: [], inputs: new Map(), standIns: new Map(), aborts: new Set() };
}
