import type { Json } from '@sluice/shared/lib';
import type { NoticeCause } from './notice-cause.js';

/** One line of the log before it has a place in the chain. */
export interface NewEntry {
  workspace: string | null;
  actor: { kind: 'member' | 'run' | 'endpoint' | 'system' | 'token' | 'visitor'; id: string; name?: string };
  /** Dotted: `step.intent`, `step.outcome`, `auth.signed_in`, `grant.approved`, `request.refused`. */
  action: string;
  subject?: { kind: string; id: string };
  environment?: string;
  run?: string;
  step?: string;
  /** In a loop, which pass: `3`, `3.0` for a pass inside of that. */
  pass?: string;
  attempt?: number;
  requestId?: string;
  detail?: Readonly<Record<string, Json>>;
  /** Milliseconds since 1970; the journal's clock when left out. */
  at?: number;
}

/** A delivery as it lies in the inbox. Times here and below are milliseconds since 1970. */
export interface NewEvent {
  id: string;
  workspace: string | null;
  flow: string | null;
  environment: string | null;
  endpoint: string;
  scheme: string | null;
  status: 'accepted' | 'duplicate' | 'refused' | 'ignored';
  reason: { code: string; message: string } | null;
  messageId: string | null;
  /** Accepted once for each endpoint. */
  dedupeKey: string | null;
  firstId: string | null;
  run: string | null;
  address: string | null;
  bytes: number;
  checks: readonly { check: string; ok: boolean; detail: string | null }[];
  receivedAt: number;
  keepDays: number;
}

export type StoredRunStatus = 'running' | 'waiting' | 'in_doubt' | 'succeeded' | 'failed' | 'cancelled';
export interface RunError {
  code: string;
  message: string;
  step: string | null;
}

export interface NewRun {
  id: string;
  workspace: string;
  flow: string;
  version: number;
  environment: string;
  deployment: string;
  event: string | null;
  startedBy: 'webhook' | 'manual' | 'replay' | 'subflow' | 'error' | 'retry' | 'schedule' | 'poll' | 'trial';
  /** The step of another run that began it; `waits` when that one hears of its end. */
  parent: { run: string; step: string; waits: boolean } | null;
  /** How many runs above it began each other. */
  depth: number;
  retryOf: string | null;
  /** Its business key, named so that it can be looked for and not read; null for none. */
  key: string | null;
  /** Whether it goes in order: once those of its key that were stored before have ended. */
  inLine: boolean;
  /** Whose idempotency keys it uses. */
  origin: string;
  status: StoredRunStatus;
  /** The process that carries it; null when a job or nobody does. */
  owner: string | null;
  /** Its payload key, wrapped. */
  payloadKey: string;
  error: RunError | null;
  startedAt: number;
  endedAt: number | null;
  dueAt: number | null;
  /** As its environment said when it began. */
  keepDays: number;
}

/** Who writes for a run: writes of a process that lost it are refused as a whole. */
export interface Fence {
  run: string;
  owner: string;
  epoch: number;
}

/** Ends a run or lets go of it: its owner becomes null. */
export interface RunUpdate extends Fence {
  status: StoredRunStatus;
  error: RunError | null;
  endedAt: number | null;
  dueAt: number | null;
}

/** `event` of the trigger; `input`, `output`, `error`, `console` of an attempt; `outputs` of several pure steps. */
export type ValueKind = 'event' | 'input' | 'output' | 'error' | 'outputs' | 'console';
/** A row holds the values of a `turn`, or what is kept of a `file`, by its id in place of a step's; those before 0.2 held one value each. */
export type PayloadKind = ValueKind | 'turn' | 'file';
export interface NewPayload {
  run: string;
  step: string;
  attempt: number;
  kind: PayloadKind;
  sealed: Buffer;
  at: number;
  /** Its run's. */
  keepDays: number;
  /** Where it lies instead of its row; filled in by the journal. */
  blob?: string;
  /** Bytes that lie in the blob store beside it: a file's content. */
  beside?: number;
}

/** A step that waits for an answer from outside of its run. */
export interface NewAsk {
  run: string;
  /** Key of the step. */
  step: string;
  kind: 'approval' | 'callback' | 'subflow';
  workspace: string;
  environment: string;
  flow: string;
  /** Roles that may answer; none where no person is asked. */
  deciders: readonly string[];
  question: Buffer | null;
  /** The run that it began. */
  child: string | null;
  askedAt: number;
  until: number | null;
}

/** What a run that another one waits for gives it at its end. */
export interface NewAnswer {
  /** The run that waits, and the key of its step. */
  run: string;
  step: string;
  answer: Buffer;
  at: number;
}

/** "Go on with this run", now or from `after`. */
export interface NewJob {
  run: string;
  workspace: string;
  after: number | null;
  /** A kill switch holds it: it is due as soon as one is released. */
  held?: boolean;
}

/** How far a trigger that asks for news has come. Nothing is changed when another process has asked since. */
export interface PollUpdate {
  id: string;
  /** Counts its looks: who wrote it last. */
  turn: number;
  /** JSON; null: as it was. */
  cursor: string | null;
  /** Of a look that worked. */
  lookedAt: number | null;
  dueAt: number;
  /** What went wrong, or may have been missed; null: nothing. `times` in a row, none for a warning. */
  trouble: { code: string; message: string; since: number; times: number } | null;
}

/** What is stored together or not at all. */
export interface JournalRecord {
  entries: readonly NewEntry[];
  event?: NewEvent;
  run?: NewRun;
  payloads?: readonly NewPayload[];
  /** For records of a run that was stored before, unless `update` carries the fence. */
  fence?: Fence;
  update?: RunUpdate;
  /** Runs that this one begins, for whoever fetches them. */
  children?: readonly NewRun[];
  asks?: readonly NewAsk[];
  answers?: readonly NewAnswer[];
  jobs?: readonly NewJob[];
  /** What members have to hear of. */
  causes?: readonly NoticeCause[];
  poll?: PollUpdate;
  /** The run, where it replayed a delivery and ended well: what that began before is no dead letter. */
  replayed?: string;
}

export type Stored =
  | { kind: 'stored' }
  /** The event was accepted before; nothing of this record was stored. */
  | { kind: 'duplicate'; eventId: string; runId: string | null }
  /** The run belongs to another process by now; nothing of this record was stored. */
  | { kind: 'fenced-out' };
