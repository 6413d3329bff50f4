import type { RetryStep } from '@sluice/shared/api';
import type { Connector } from '@sluice/shared/connector';
import type { Json } from '@sluice/shared/lib';
import type { Broker } from '../broker/call.js';
import { connectors as registry } from '../connectors/registry.js';
import type { Journal } from '../journal/journal.js';
import type { Actor } from '../platform/actor.js';
import type { Changes } from '../platform/changes.js';
import type { Clock } from '../platform/clock.js';
import type { Keyring } from '../platform/keys/keyring.js';
import type { Log } from '../platform/log.js';
import { isDatabaseAway } from '../platform/database/is-database-away.js';
import { newId as newSystemId, type NewId, random as systemRandom } from '../platform/ids.js';
import { Problem } from '../platform/problem.js';
import { Timers } from '../platform/timers.js';
import { type Beginning, beginRun, carryRun, recordForQueue } from './begin.js';
import { AskStore } from './ask-store.js';
import { Carrier, type RunNews } from './carrier.js';
import { Deployments } from './deployments.js';
import type { CodeRunner } from './errands.js';
import type { Fault } from './faults.js';
import { Lease } from './lease.js';
import { Lines } from './lines.js';
import { findEvent } from './past-event.js';
import { rebuildRun } from './rebuild.js';
import { readCallbackToken } from './callback-token.js';
import { recordOfRetry, type RetryAsked, tellRetry } from './retry-run.js';
import { recordOfTrial, type TrialAsked } from './trial.js';
import { Releases } from './releases.js';
import type { RunMemory } from './run-memory.js';
import { SteadyClock } from './steady-clock.js';
import { RunControl } from './run-control.js';
import { RunFiles, type RunFilesOptions } from './run-files.js';
import { loadEnvironmentKeys } from './run-keys.js';
import { StateStore } from './state-store.js';
import type { ClaimedRun, RunStore } from './store/run-store.js';
import { Worker } from './worker.js';
import { Window } from './window.js';

export interface EngineOptions {
  store: RunStore;
  journal: Pick<Journal, 'append' | 'hasRoom'>;
  changes: Pick<Changes, 'on'>;
  broker: Broker;
  keyring: Keyring;
  clock: Clock;
  log: Log;
  roles: readonly string[];
  /** Whether this process carries runs (the role worker); else it stores them for one that does. */
  carries: boolean;
  fault: Fault;
  /** Where this installation is reached: callback steps get their addresses from it. */
  publicUrl: string;
  /** Runs code steps; null where none may run. */
  code: CodeRunner | null;
  /** What actions are made of; those of the registry. */
  connectors?: Readonly<Record<string, Connector>>;
  /** How large a file may be, and who has no room for one; without it there are no files. */
  files?: Pick<RunFilesOptions, 'mostBytes' | 'isFull'>;
  /** Time and chance; a simulation puts its own in their stead. */
  timers?: Timers;
  newId?: NewId;
  random?: () => number;
  /** How many runs are carried at once; 2,048, each some 10 to 20 kB. */
  window?: number;
  /** How long a silent process is believed to live; 10 s. */
  leaseSeconds?: number;
}

/** A run that was stored. `duplicate`: the event had been accepted before, and these are the first ids. */
export interface Accepted {
  duplicate: boolean;
  runId: string | null;
  eventId: string | null;
  /** Ends the wait for news. */
  forget(): void;
}

const drainMs = 20_000;

/** Runs flows: begins, carries, parks, takes over and ends runs. */
export class Engine {
  readonly deployments: Deployments;
  private readonly carrier: Carrier;
  private readonly control: RunControl;
  private readonly asks: AskStore;
  private readonly lease: Lease;
  private readonly worker: Worker;
  private readonly releases: Releases;
  private readonly window: Window;
  private readonly timers: Timers;
  private readonly newId: NewId;
  private readonly options: EngineOptions & { clock: SteadyClock };
  private stopping = false;
  /** Runs that were claimed and are being rebuilt. */
  private readonly resuming = new Set<string>();

  constructor(given: EngineOptions) {
    const { store, journal, changes, broker, log, fault, roles, carries, keyring, code } = given;
    const { timers = new Timers(), newId = newSystemId, random = systemRandom, connectors = registry } = given;
    const clock = new SteadyClock(given.clock, timers);
    const options = { ...given, clock };
    this.options = options;
    this.timers = timers;
    this.newId = newId;
    this.deployments = new Deployments(store, changes, connectors);
    this.asks = new AskStore(store);
    const errands = { state: new StateStore(store), deployments: this.deployments, code };
    const lines = new Lines({ store, log, nudge: () => this.worker.nudge() });
    const oursUntil = (run: RunMemory) => this.lease.sureUntil(run.owner);
    this.carrier = new Carrier({
      journal,
      broker,
      files: new RunFiles({ store, keyring, ...(options.files ?? { mostBytes: 0, isFull: () => false }) }),
      clock,
      machine: given.clock,
      timers,
      log,
      fault,
      random,
      asks: this.asks,
      errands,
      lines,
      oursUntil,
    });
    this.control = new RunControl({ store, carrier: this.carrier, keyring, clock });
    this.window = new Window(this.carrier, options.window ?? 2048);
    this.lease = new Lease({
      store,
      clock: given.clock,
      timers,
      newId,
      roles,
      reaps: carries,
      ...(options.leaseSeconds === undefined ? {} : { expirySeconds: options.leaseSeconds }),
      onTrouble: (error) => log.warn('the process could not renew its lease', { error }),
      onTime: (time, asked) => clock.hear(time, asked),
      carries: (run) => this.carrier.runs.has(run) || this.resuming.has(run),
      onLost: () => this.carrier.loseAll(),
      onOrphans: () => this.asks.wakeAll(),
    });
    const room = () => this.window.room();
    this.worker = new Worker({
      store,
      timers,
      log,
      fault,
      owner: () => this.lease.owner,
      room,
      resume: (run) => this.resume(run),
    });
    this.releases = new Releases({ store, carrier: this.carrier, timers, log, nudge: () => this.worker.nudge() });
    this.carrier.onClosed = () => {
      if (this.window.hasOpened()) this.worker.nudge();
    };
    changes.on('cancels', (ids) => {
      for (const run of ids ?? []) this.cancelTold(run);
    });
    changes.on('releases', (ids) => this.releases.hear(carries ? ids : []));
    changes.on('answers', (ids) => {
      for (const run of ids ?? this.carrier.runs.keys()) this.carrier.collect(run);
      this.worker.nudge();
    });
  }

  /** Registers this process and, if it carries runs, fetches parked ones. */
  async start(): Promise<void> {
    await this.lease.start();
    if (this.options.carries) this.worker.start();
  }

  /** Orderly: lets steps under way end (up to 20 s), hands everything else over. Close the door before. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.worker.stop();
    await this.carrier.drain(drainMs);
    this.carrier.loseAll();
    await this.lease.stop();
  }

  /** Whether a new run would be taken: ask before work is put into it. */
  hasRoom(): boolean {
    return !this.stopping && this.options.journal.hasRoom();
  }

  /**
   * Begins a run and settles once it is stored: from then on it will be carried to its end, whatever happens to this
   * process. `onNews` is called when it answers or ends here. Throws `server.busy`, `request.too_large`.
   */
  async accept(
    given: Omit<Beginning, 'runId'> & { runId?: string; onNews?: (news: RunNews) => void },
  ): Promise<Accepted> {
    if (!this.hasRoom()) throw new Problem('server.busy', { retryAfterSeconds: 1 });
    const { onNews, ...rest } = given;
    const beginning: Beginning = { ...rest, runId: given.runId ?? this.newId('run') };
    const { deployment, event, poll, eventId, runId } = beginning;
    const { publicUrl } = this.options;
    const keys = await loadEnvironmentKeys(this.options.keyring, deployment);
    const begun = beginRun(beginning, {
      keys,
      owner: this.lease.owner,
      publicUrl,
      newId: this.newId,
      at: this.options.clock.now(),
    });
    const along = { event, ...(poll !== undefined && { poll }) };
    const forget = onNews === undefined ? () => undefined : this.carrier.wait(runId, onNews);
    try {
      const carries = this.options.carries && begun.run.line === null && this.window.takes(deployment.workspace);
      const stored = carries
        ? await carryRun(this.carrier, begun, along)
        : await this.options.journal.append(recordForQueue(begun, along));
      if (!carries) this.worker.nudge();
      if (stored.kind === 'duplicate') {
        forget();
        return { duplicate: true, runId: stored.runId, eventId: stored.eventId, forget };
      }
      return { duplicate: false, runId, eventId, forget };
    } catch (error) {
      forget();
      throw error;
    }
  }

  /** Begins a run by hand; `input` becomes `trigger.body`. Throws `deployment.none`, `server.busy`, `request.too_large`. */
  async startManual({
    actor,
    deployment: id,
    input,
  }: {
    actor: Actor;
    deployment: string;
    input: Json;
  }): Promise<{ runId: string }> {
    const deployment = await this.deployments.find(id);
    if (deployment === null || deployment.workspace !== actor.workspace) throw new Problem('deployment.none');
    const trigger = { body: input, headers: {}, query: {}, id: null, receivedAt: this.options.clock.iso() };
    return await this.startBy(actor, { deployment, startedBy: 'manual', eventId: null, event: null, trigger });
  }

  /** Begins a trial of a draft. Throws what `recordOfTrial` throws, `server.busy`. */
  async startTrial(asked: TrialAsked): Promise<{ runId: string }> {
    const record = await recordOfTrial({ ...this.options, newId: this.newId, deployments: this.deployments }, asked);
    await this.options.journal.append(record);
    this.worker.nudge();
    return { runId: record.run.id };
  }

  /** Begins a new run from an accepted delivery, on what is deployed now. Throws `event.unknown`, `event.not_replayable`, `deployment.none`. */
  async replayEvent({ actor, eventId }: { actor: Actor; eventId: string }): Promise<{ runId: string }> {
    const { store, keyring } = this.options;
    const { flow, environment, trigger } = await findEvent({ store, keyring }, { workspace: actor.workspace, eventId });
    const id = await this.deployments.findActiveId({ workspace: actor.workspace, flow, environment });
    const deployment = id === null ? null : await this.deployments.find(id);
    if (deployment === null) throw new Problem('deployment.none');
    return await this.startBy(actor, { deployment, startedBy: 'replay', eventId, event: null, trigger });
  }

  /** Ends a run; what was done outside stays done. Throws `run.unknown`, `run.not_cancellable`. */
  async cancel(wanted: { actor: Actor; run: string }): Promise<void> {
    await this.control.cancel(wanted);
  }

  /** What a retry would do, step by step. Throws `run.unknown`, `run.still_running`, `deployment.none`. */
  async planRetry(asked: RetryAsked): Promise<{ version: number; steps: RetryStep[] }> {
    return await tellRetry({ ...this.options, newId: this.newId, deployments: this.deployments }, asked);
  }

  /** Begins a run that tries another one again. Throws what `recordOfRetry` throws, and `server.busy`. */
  async retry(asked: RetryAsked & { repeat: readonly string[] }): Promise<{ runId: string }> {
    const record = await recordOfRetry({ ...this.options, newId: this.newId, deployments: this.deployments }, asked);
    await this.options.journal.append(record);
    this.worker.nudge();
    return { runId: record.run.id };
  }

  /** Answers an approval step. Throws `run.not_asking`, `run.not_decider`. */
  async decide(decision: Parameters<RunControl['decide']>[0]): Promise<void> {
    await this.control.decide(decision);
    this.worker.nudge();
  }

  /** Takes the answer to a callback step, by the last part of its address. Throws `callback.unknown`, `callback.used`. */
  async answerCallback(token: string, body: Json): Promise<void> {
    const place = readCallbackToken(await this.options.keyring.key('', '', 'callback'), token);
    if (place === null) throw new Problem('callback.unknown');
    await this.control.answerCallback({ ...place, body });
    this.worker.nudge();
  }

  /** Settles a step in doubt: it happened, or it may be tried again. Throws `run.not_in_doubt`. */
  async resolve(decision: { actor: Actor; run: string; step: string; happened: boolean }): Promise<void> {
    await this.control.resolve(decision);
    this.worker.nudge();
  }

  /** A run that shall end because the one that waits for it did. */
  private cancelTold(run: string): void {
    if (this.carrier.cancel({ run }) || !this.options.carries) return;
    this.control
      .cancelParked(run)
      .catch((error: unknown) => this.options.log.warn('a run could not be cancelled', { run, error }));
  }

  private async startBy(actor: Actor, beginning: Omit<Beginning, 'actor' | 'runId'>): Promise<{ runId: string }> {
    const runId = this.newId('run');
    await this.accept({ ...beginning, runId, actor: { kind: 'member', id: actor.member, name: actor.name } });
    return { runId };
  }

  private async resume(claimed: ClaimedRun): Promise<void> {
    this.resuming.add(claimed.id);
    await this.rebuild(claimed);
    this.resuming.delete(claimed.id);
  }

  private async rebuild(claimed: ClaimedRun): Promise<void> {
    const { owner } = this.lease;
    for (let pause = 100; !this.stopping && owner === this.lease.owner; pause = Math.min(pause * 2, 2000)) {
      try {
        const { run, draft } = await rebuildRun(
          { ...this.options, newId: this.newId, deployments: this.deployments, asks: this.asks },
          { claimed, owner },
        );
        this.carrier.resume(run, draft);
        return;
      } catch (error) {
        this.options.log.error('a run could not be taken up', { run: claimed.id, error });
        // A database that is away says nothing about the run; left to us, whoever takes our lease takes the run.
        if (!isDatabaseAway(error)) return await this.giveUp(claimed, owner);
        await this.timers.sleep(pause);
      }
    }
  }

  /** A run that can't be read (a key is gone, a version is broken) must not be fetched again and again. */
  private async giveUp(claimed: ClaimedRun, owner: string): Promise<void> {
    const { id: run, epoch, workspace } = claimed;
    const error = {
      code: 'run.unreadable',
      message: 'The stored run could not be read; tell an admin its id.',
      step: null,
    };
    const at = this.options.clock.now();
    const entry = {
      workspace,
      actor: { kind: 'run', id: run } as const,
      action: 'run.finished',
      run,
      at,
      detail: { status: 'failed', error: { code: error.code, step: null } },
    };
    const update = { run, owner, epoch, status: 'failed' as const, error, endedAt: at, dueAt: null };
    await this.options.journal
      .append({ entries: [entry], update })
      .catch((failure: unknown) => this.options.log.error('a run could not be ended', { run, error: failure }));
  }
}
