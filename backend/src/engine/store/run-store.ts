import type { RunJob } from '../../journal/queue/run-queue.js';
import type { SealedPayload } from '../open-payloads.js';
import type { Parent, StartedBy } from '../run-memory.js';
import type { RunTransaction } from './run-transaction.js';
import type { LinePlace } from './wake-next.js';

/** A run as its row says. */
export interface ClaimedRun {
  id: string;
  workspace: string;
  deployment: string;
  epoch: number;
  startedBy: StartedBy;
  parent: Parent | null;
  depth: number;
  origin: string;
  payloadKey: string;
  /** Milliseconds since 1970. */
  startedAt: number;
  keepDays: number;
  /** Of a run that goes in order. */
  line: { key: string | null } | null;
  /** By the database, whose time decides what is due. */
  now: number;
}

/** What is stored about a run: the texts of its `step.*` entries, and its payloads as they are sealed. */
export interface StoredHistory {
  bodies: string[];
  payloads: SealedPayload[];
}

/** An answer that lies beside its question. */
export interface StoredAnswer {
  /** Key of the step. */
  step: string;
  answer: Buffer;
}

/** A deployment with its flow, version and environment, as the rows say; read with a schema. */
export type DeploymentRow = Readonly<Record<string, unknown>>;

export interface SlotRows {
  connections: readonly { id: string; connector: string; config: unknown; hosts: readonly string[] }[];
  grants: readonly { slot: string; id: string; withheld: readonly string[] }[];
}

/** An accepted delivery and the run that it began. */
export interface StoredEvent {
  flow: string;
  environment: string;
  status: string;
  /** `first`: the row that holds what it brought. */
  run: { id: string; payloadKey: string; first: SealedPayload } | null;
}

/** What the run that brought a file in keeps of it. */
export interface StoredFile {
  sealed: Buffer;
  keepDays: number;
  /** Of that run, wrapped. */
  payloadKey: string;
}

/** A run that may be tried again. */
export interface StoredRun {
  id: string;
  deployment: string;
  flow: string;
  environment: string;
  event: string | null;
  origin: string;
  payloadKey: string;
  isOver: boolean;
}

/** All that the engine asks of its database; what it writes in passing goes through the journal. */
export abstract class RunStore {
  /** Takes up to `limit` due jobs, those of workspaces in `fullWorkspaces` left out. */
  abstract fetch(limit: number, fullWorkspaces: readonly string[]): Promise<RunJob[]>;
  /**
   * Takes the runs of fetched jobs, and settles the jobs in the same commit. Runs that ended or are carried are left out; one
   * that goes in order waits until those before it have ended, and then gets another job.
   */
  abstract claim(jobs: readonly RunJob[], owner: string): Promise<ClaimedRun[]>;
  abstract findRun(of: { run: string; workspace: string }): Promise<StoredRun | null>;
  /** A file of this run or of its family: runs that it came from, began, tries again, or shares a delivery with. */
  abstract findFile(of: {
    workspace: string;
    environment: string;
    run: string;
    file: string;
  }): Promise<StoredFile | null>;
  abstract findHistory(run: string): Promise<StoredHistory>;

  /** Makes a process known: from now on it may own runs. Answers the database's time. */
  abstract register(process: string, roles: readonly string[]): Promise<number>;
  /** Says that a process lives. Answers the database's time; null when it was taken for dead. */
  abstract beat(process: string): Promise<number | null>;
  abstract leave(process: string): Promise<void>;
  /** Takes processes for dead that were silent for so long. */
  abstract dropSilent(seconds: number): Promise<void>;
  /** Owners of runs that are no process any more. */
  abstract findLostOwners(): Promise<string[]>;
  /** Runs of a process that haven't ended. */
  abstract findOwned(process: string): Promise<string[]>;

  /** Answers to steps of a run, by their keys. */
  abstract findAnswers(run: string, steps: readonly string[]): Promise<StoredAnswer[]>;
  /** Gives parked runs to the queue that have an answer: of these steps, or for null any run and step. */
  abstract wakeAnswered(of: { run: string; steps: readonly string[] } | null): Promise<void>;

  /** Gives the next run of a line to the queue: at once, or for later while one of it is under way. */
  abstract wakeNext(of: LinePlace): Promise<void>;

  /** Makes parked runs due that a kill switch held: of a workspace. */
  abstract wakeHeld(workspace: string): Promise<void>;

  /** The id of what runs in an environment now. */
  abstract findActiveDeployment(place: {
    workspace: string;
    flow: string;
    environment: string;
  }): Promise<string | null>;
  abstract findDeployment(id: string): Promise<DeploymentRow | null>;
  abstract findSlots(connections: readonly string[], place: { flow: string; environment: string }): Promise<SlotRows>;
  /** The stored text of an imported connector's declaration; null for none. */
  abstract findDeclaration(of: { workspace: string; connector: string; version: string }): Promise<string | null>;
  abstract findEvent(of: { workspace: string; eventId: string }): Promise<StoredEvent | null>;

  /** All of it is committed together; nothing when it throws. */
  abstract transaction<Result>(work: (tx: RunTransaction) => Promise<Result>): Promise<Result>;
}
