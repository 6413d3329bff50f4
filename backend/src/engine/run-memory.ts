import type { RunState } from '@sluice/shared/flow';
import type { RunError } from '../journal/records.js';
import type { Deployment } from './deployments.js';
import type { EnvironmentKeys, KeyObject } from './run-keys.js';

/** Where a step that takes time stands. Attempts count from 1. */
export type Progress =
  /** May be tried: `attempt` is the next one, `failures` of those before failed, `check` that one of them may have worked. */
  | { kind: 'due'; attempt: number; failures: number; check: boolean }
  | { kind: 'calling'; attempt: number; failures: number; check: boolean }
  /** Milliseconds since 1970. `retry` tries again, `wait` is over then. */
  | { kind: 'waiting'; until: number; then: 'retry' | 'wait'; attempt: number; failures: number; check: boolean }
  | { kind: 'in-doubt'; attempt: number };

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

/** A run that this process carries. */
export interface RunMemory {
  readonly id: string;
  readonly owner: string;
  readonly epoch: number;
  readonly deployment: Deployment;
  readonly keys: EnvironmentKeys;
  readonly payloadKey: KeyObject;
  readonly startedAt: number;
  /** How long what it writes is kept, in days. */
  readonly keepDays: number;
  readonly state: RunState;
  /** Steps that are ready and take more than computing. */
  readonly steps: Map<string, Progress>;
  /** Inputs of actions as JSON: resolved once, the same for every attempt. */
  readonly inputs: Map<string, string>;
  /** Ends calls under way. */
  readonly aborts: Set<AbortController>;
  /** Calls under way, and intents on their way to the log. */
  active: number;
  ending: Ending | null;
  reply: RunReply | null;
  /** Wakes it when a wait ends while something else is under way. */
  timer: NodeJS.Timeout | null;
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
  const times = [...run.steps.values()].flatMap((progress) => (progress.kind === 'waiting' ? [progress.until] : []));
  const deadline = deadlineOf(run);
  const inDoubtOnly = times.length === 0 && run.steps.size > 0;
  if (deadline !== null && !(inDoubtOnly && run.active === 0)) times.push(deadline);
  return times.length === 0 ? null : Math.min(...times);
}

/** A run with nothing under way. */
export function newMemory(
  run: Pick<
    RunMemory,
    'id' | 'owner' | 'epoch' | 'deployment' | 'keys' | 'payloadKey' | 'startedAt' | 'keepDays' | 'state' | 'stored'
  >,
): RunMemory {
  const idle = { active: 0, ending: null, reply: null, timer: null, closed: false };
  return { ...run, ...idle, steps: new Map(), inputs: new Map(), aborts: new Set() };
}
