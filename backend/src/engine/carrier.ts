import type { Broker } from '../broker/call.js';
import type { Journal } from '../journal/journal.js';
import type { NewEntry, Stored } from '../journal/records.js';
import type { Clock } from '../platform/clock.js';
import type { Log } from '../platform/log.js';
import { isDatabaseAway } from '../platform/database/is-database-away.js';
import { Problem } from '../platform/problem.js';
import type { Timers } from '../platform/timers.js';
import { advance, endFailedTask } from './advance.js';
import type { AskStore } from './ask-store.js';
import { Draft } from './draft.js';
import { type Errand, type ErrandRooms, performErrand, settleErrand } from './errands.js';
import type { Fault } from './faults.js';
import type { Lines } from './lines.js';
import { performCall } from './perform-call.js';
import { type First, isEnd, recordOf, type Rest, restOf } from './rest.js';
import type { RunFiles } from './run-files.js';
import { type Ending, nextDue, type RunMemory, type RunReply, type Task } from './run-memory.js';
import { takeAnswers } from './settle-ask.js';
import { type Attempt, draftIntent, settleAttempt } from './settle-call.js';
import { endTooLarge, letGo, settleDue } from './settle-due.js';
import { draftIntents, type Started } from './start-work.js';
import { type UnsafeCall, UnsafeQueue } from './unsafe-queue.js';

export interface CarrierOptions {
  journal: Pick<Journal, 'append'>;
  broker: Broker;
  files: RunFiles;
  clock: Clock;
  /** The machine's own, by which the broker measures how long a call may take. */
  machine: Clock;
  timers: Timers;
  log: Log;
  fault: Fault;
  asks: AskStore;
  errands: ErrandRooms;
  lines: Lines;
  /** Until when, by the clock, a run is surely still carried by this process; null: no longer. */
  oursUntil(run: RunMemory): Promise<number | null>;
  /** From 0 to 1. */
  random(): number;
}

/** What somebody waiting for a run learns: its answer, or that it ended or was parked without one. */
export type RunNews = { kind: 'reply'; reply: RunReply } | { kind: 'ended'; status: Ending['status'] };

const nothing: Started = { calls: [], unsafe: [], errands: [] };

/**
 * Carries runs in memory. A turn of a run is synchronous: it settles what ended, goes as far as it can, and appends all
 * of it as one record; only once that is committed do the calls that it intends begin. So memory is never behind the log
 * by more than a turn, and a crash loses nothing that the world has seen.
 */
export class Carrier {
  readonly runs = new Map<string, RunMemory>();
  /** How many of them each workspace has. */
  readonly counts = new Map<string, number>();
  /** Told when a run was closed: there is room again. */
  onClosed: () => void = () => undefined;
  private readonly waiters = new Map<string, (news: RunNews) => void>();
  private readonly unsafe: UnsafeQueue;
  private draining = false;

  constructor(private readonly options: CarrierOptions) {
    const isOpen = () => this.draining || options.broker.hasFreeSlot();
    this.unsafe = new UnsafeQueue(options.timers, isOpen, (call) => void this.startUnsafe(call));
  }

  /** Calls back once when the run answers or ends in this process, after that is committed. */
  wait(runId: string, callback: (news: RunNews) => void): () => void {
    this.waiters.set(runId, callback);
    return () => this.waiters.delete(runId);
  }

  /** Stores a new run after its first turn and carries it on. Rejects when it was not stored. */
  async begin(run: RunMemory, draft: Draft, first: First): Promise<Stored> {
    this.carry(run);
    try {
      const stored = await this.turn(run, draft, first);
      if (stored.kind !== 'stored') this.lose(run);
      return stored;
    } catch (error) {
      this.lose(run);
      throw error;
    }
  }

  /** Goes on with a run that was rebuilt from the log. */
  resume(run: RunMemory, draft: Draft): void {
    this.carry(run);
    this.wake(run, draft);
  }

  /** Ends a run once what is under way has ended. False when this process doesn't carry it. `entry`: who asked for it, unless it is written. */
  cancel({
    run: id,
    workspace,
    entry,
  }: {
    run: string;
    workspace?: string;
    entry?: (environment: string) => NewEntry;
  }): boolean {
    const run = this.runs.get(id);
    if (run === undefined || run.closed || !run.stored) return false;
    const { deployment } = run;
    if (workspace !== undefined && deployment.workspace !== workspace) return false;
    const draft = this.draft(run);
    if (entry !== undefined) draft.entries.push({ ...entry(deployment.environment), at: draft.at });
    run.ending = { status: 'cancelled', error: null };
    this.go(run, draft);
    return true;
  }

  /** Goes on with the runs of a workspace that a kill switch held; null: of all. */
  letGo(workspace: string | null): void {
    for (const run of this.runs.values()) {
      if (run.closed || !run.stored || (workspace !== null && run.deployment.workspace !== workspace)) continue;
      const draft = this.draft(run);
      if (letGo(run, draft)) this.wake(run, draft);
    }
  }

  /** Lets steps under way end, starts no more, and gives every run to whoever fetches it. */
  async drain(patienceMs: number): Promise<void> {
    this.draining = true;
    const until = this.options.clock.now() + patienceMs;
    this.unsafe.startAll();
    while (this.runs.size > 0 && this.options.clock.now() < until) await this.options.timers.sleep(10);
  }

  /** Drops every run: they belong to others by now. */
  loseAll(): void {
    for (const run of this.runs.values()) this.lose(run);
  }

  private draft(run: RunMemory): Draft {
    return new Draft(run, this.options.clock.now());
  }

  /** Settles what has become due, and takes a turn. */
  private wake(run: RunMemory, draft: Draft): void {
    if (run.closed || !run.stored) return;
    settleDue(run, draft);
    this.go(run, draft);
  }

  /** A turn of a run that is stored already: what goes wrong is the run's own trouble. */
  private go(run: RunMemory, draft: Draft): void {
    this.turn(run, draft, null).then(
      (stored) => {
        if (stored.kind !== 'stored') this.lose(run);
        this.options.fault('outcome-committed');
      },
      (error: unknown) => this.abandon(run, error),
    );
  }

  private async turn(run: RunMemory, draft: Draft, first: First | null): Promise<Stored> {
    endTooLarge(run);
    const started = this.draining ? nothing : draftIntents(run, draft);
    const isMore = run.backlog.length > 0 && !this.draining;
    const rest = run.active > 0 || isMore ? null : restOf(run, draft);
    draft.finish();
    this.schedule(run);
    if (draft.entries.length === 0) {
      this.startWork(run, started);
      if (isMore) this.options.timers.soon(() => this.goOn(run));
      return { kind: 'stored' };
    }
    run.closed = rest !== null;
    const stored = await this.options.journal.append(recordOf(run, { draft, rest, first }));
    if (stored.kind !== 'stored') return stored;
    if (first !== null) {
      this.options.fault('accepted');
      run.stored = true;
      if (rest === null) this.schedule(run);
    }
    if (rest?.job !== undefined) this.options.fault('next-enqueued');
    this.tell(run, rest);
    if (rest !== null && isEnd(rest.status)) this.options.lines.goOn(run);
    if (rest !== null) this.lose(run);
    if (rest?.status === 'waiting') this.lookForAnswers(run);
    this.startWork(run, started);
    if (isMore && !run.closed) this.options.timers.soon(() => this.goOn(run));
    else if (!run.closed && draft.asks.length > 0) this.collect(run.id);
    return stored;
  }

  private startWork(run: RunMemory, { calls, unsafe, errands }: Started): void {
    for (const attempt of calls) void this.call(run, attempt);
    for (const errand of errands) void this.doErrand(run, errand);
    // Not before: the fence of their intent must find the run's row, which a flush of both would not show it.
    this.unsafe.push(unsafe.map((attempt) => ({ run, attempt })));
  }

  /** Another turn of a run that had more to do than fits into one. */
  private goOn(run: RunMemory): void {
    if (run.closed) return;
    const draft = this.draft(run);
    advance(run, draft);
    this.go(run, draft);
  }

  private schedule(run: RunMemory): void {
    run.timer?.cancel();
    const due = run.active > 0 && run.ending === null ? nextDue(run) : null;
    const wait = due === null ? null : Math.min(Math.max(due - this.options.clock.now(), 0), 2_000_000_000);
    run.timer = wait === null ? null : this.options.timers.after(wait, () => this.wake(run, this.draft(run)));
  }

  private async call(run: RunMemory, attempt: Attempt): Promise<void> {
    const { broker, files, machine, timers, fault, random } = this.options;
    fault('intent-committed');
    const result = await performCall(run, attempt.call, {
      broker,
      files,
      timers,
      oursUntil: () => this.options.oursUntil(run),
      now: machine.now(),
      attempt: attempt.attempt,
      isRetry: attempt.failures > 0,
      check: attempt.check,
    });
    fault('answer-read');
    this.unsafe.startAll();
    if (run.closed) return;
    run.active -= 1;
    const draft = this.draft(run);
    try {
      settleAttempt(run, draft, { attempt, result, random: random() });
    } catch (error) {
      return this.abandon(run, error);
    }
    this.go(run, draft);
  }

  /** The work of a step that leaves no mark outside. Tried until the database is there: it may be done again. */
  private async doErrand(run: RunMemory, begun: { task: Task; errand: Errand }): Promise<void> {
    const { errands, log, timers } = this.options;
    for (let pause = 100; !run.closed; pause = Math.min(pause * 2, 2000)) {
      try {
        const came = await performErrand(run, begun, errands);
        if (run.closed) return;
        run.active -= 1;
        const draft = this.draft(run);
        settleErrand(run, draft, { ...begun, came });
        return this.go(run, draft);
      } catch (error) {
        if (!isDatabaseAway(error)) return this.abandon(run, error);
        log.warn('a step waits for the database', { run: run.id, error });
        await timers.sleep(pause);
      }
    }
  }

  /** Takes answers to what a run of ours asks. */
  collect(id: string): void {
    const run = this.runs.get(id);
    if (run === undefined || run.closed || !run.stored) return;
    this.options.asks.find(run).then(
      (answers) => {
        if (run.closed || answers.length === 0) return;
        const draft = this.draft(run);
        try {
          takeAnswers(run, draft, answers);
        } catch (error) {
          // An answer that can't be read is this run's trouble, not the process's.
          return this.abandon(run, error);
        }
        this.go(run, draft);
      },
      (error: unknown) => this.options.log.warn('answers could not be read', { run: id, error }),
    );
  }

  private lookForAnswers(run: RunMemory): void {
    if (![...run.tasks.values()].some(({ progress }) => progress.kind === 'asked')) return;
    this.options.asks
      .wake(run)
      .catch((error: unknown) => this.options.log.warn('answers could not be looked for', { run: run.id, error }));
  }

  /** The intent of a step that may not be repeated, in a record of its own, and then its call. */
  private async startUnsafe({ run, attempt }: UnsafeCall): Promise<void> {
    if (run.closed) return;
    const draft = this.draft(run);
    if (this.draining || run.ending !== null) {
      const { task, attempt: number, failures, check } = attempt;
      task.progress = { kind: 'due', attempt: number, failures, check };
      run.active -= 1;
      return this.go(run, draft);
    }
    if (attempt.task.level.failure !== null) {
      run.active -= 1;
      endFailedTask(run, draft, { task: attempt.task, settlement: null });
      return this.go(run, draft);
    }
    this.options.fault('intent-due');
    draftIntent(run, draft, attempt);
    draft.finish();
    try {
      const stored = await this.options.journal.append(recordOf(run, { draft, rest: null, first: null }));
      if (stored.kind === 'stored') await this.call(run, attempt);
      else this.lose(run);
    } catch (error) {
      this.abandon(run, error);
    }
  }

  private tell(run: RunMemory, rest: Rest | null): void {
    const waiter = this.waiters.get(run.id);
    if (waiter === undefined) return;
    if (run.reply !== null) waiter({ kind: 'reply', reply: run.reply });
    else if (rest !== null && isEnd(rest.status)) waiter({ kind: 'ended', status: rest.status });
    else return;
    this.waiters.delete(run.id);
  }

  /** A turn that can't be recorded (a bug, or a value the database refuses) ends the run, in the open. */
  private abandon(run: RunMemory, error: unknown): void {
    const stopping = error instanceof Problem;
    if (!stopping) this.options.log.error('a run could not be recorded', { run: run.id, error });
    if (stopping || run.ending?.error?.code === 'run.unrecordable') return this.lose(run);
    run.closed = false;
    run.active = 0;
    run.tasks.clear();
    run.backlog.length = 0;
    const message = 'What happened in this run could not be written down, so it was ended; tell an admin its id.';
    run.ending = { status: 'failed', error: { code: 'run.unrecordable', message, step: null } };
    this.go(run, this.draft(run));
  }

  private carry(run: RunMemory): void {
    const before = this.runs.get(run.id);
    if (before !== undefined) this.count(before, -1);
    this.runs.set(run.id, run);
    this.count(run, 1);
  }

  private count({ deployment: { workspace } }: RunMemory, by: 1 | -1): void {
    const count = (this.counts.get(workspace) ?? 0) + by;
    if (count === 0) this.counts.delete(workspace);
    else this.counts.set(workspace, count);
  }

  private lose(run: RunMemory): void {
    run.closed = true;
    run.timer?.cancel();
    // Not a newer carrying of the same run by this process.
    if (this.runs.get(run.id) === run) {
      this.runs.delete(run.id);
      this.count(run, -1);
    }
    this.onClosed();
  }
}
