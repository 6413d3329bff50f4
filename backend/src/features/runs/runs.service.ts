import { Injectable } from '@nestjs/common';
import { computeClasses, type FlowClasses, type FlowDocument, type Manifest, type Masking } from '@sluice/shared/flow';
import { auditEntryBodySchema } from '@sluice/shared/audit';
import {
  type EnvironmentPolicy,
  maskedIn,
  type Reply,
  type RunStep,
  type RunSummary,
  type runsApi,
} from '@sluice/shared/api';
import { Engine } from '../../engine/engine.js';
import { type KeptValue, openPayloads } from '../../engine/open-payloads.js';
import { openRunKey } from '../../engine/run-keys.js';
import { partsOf } from '../../engine/step-key.js';
import { Journal } from '../../journal/journal.js';
import { type Actor, assertMay } from '../../platform/actor.js';
import { Changes } from '../../platform/changes.js';
import { Clock } from '../../platform/clock.js';
import type { EventStream } from '../../platform/http/event-stream.js';
import { readTimeCursor, tellRest } from '../../platform/http/time-cursor.js';
import { Keyring } from '../../platform/keys/keyring.js';
import { Problem } from '../../platform/problem.js';
import { Stops } from '../../platform/stops.js';
import { assertFree } from '../assert-free.js';
import { BoundariesService } from '../flows/boundaries.service.js';
import { ConnectorsService } from '../connectors/connectors.service.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import { FlowsService } from '../flows/flows.service.js';
import { VersionsService } from '../flows/versions.service.js';
import { withStoredKey } from './key-filter.js';
import { keyedBy, Mask } from './masking.js';
import type { RunEntity } from './run.entity.js';
import { readPayloads, type RunPayloads } from './run-payloads.js';
import { tellAsking, tellSteps } from './run-steps.js';
import { type Names, toSummary } from './summary.js';
import { DecisionsService } from './decisions.service.js';
import { tellCalls } from './calls.js';
import { tellAround, tellPasses } from './passes.js';
import { RunLog } from './run-log.js';
import type { RunFilter } from './matching.js';
import { RunsRepository } from './runs.repository.js';

type RunDetail = Reply<typeof runsApi.get>;
type MaskingPolicy = Pick<EnvironmentPolicy, 'production' | 'masked'>;

/** A run with all that is told of it. */
export interface OpenedRun {
  run: RunEntity;
  document: FlowDocument;
  log: RunLog;
  payloads: RunPayloads;
  mask: Mask;
}

/** What ran, and what became of each step. */
@Injectable()
export class RunsService {
  constructor(
    private readonly runs: RunsRepository,
    private readonly flows: FlowsService,
    private readonly versions: VersionsService,
    private readonly environments: EnvironmentsService,
    private readonly boundaries: BoundariesService,
    private readonly connectors: ConnectorsService,
    private readonly engine: Engine,
    private readonly keyring: Keyring,
    private readonly changes: Changes,
    private readonly decisions: DecisionsService,
    private readonly journal: Journal,
    private readonly stops: Stops,
    private readonly clock: Clock,
  ) {}

  async list(
    workspace: string,
    filter: RunFilter,
    { cursor, limit }: { cursor: string | undefined; limit: number },
  ): Promise<Reply<typeof runsApi.list>> {
    const asked = await withStoredKey(this.keyring, workspace, filter);
    const page = { after: readTimeCursor(cursor), limit, now: this.clock.now() };
    const { rows, ...rest } = await this.runs.list(workspace, asked, page);
    const names = await this.namesFor(workspace, rows);
    const environments = [...new Set(rows.map(({ environment }) => environment))];
    const maskings = new Map(
      await Promise.all(environments.map(async (name) => [name, await this.masking(workspace, name)] as const)),
    );
    return {
      items: rows.map((run) => toSummary(run, names, maskings.get(run.environment))),
      ...tellRest(rest),
    };
  }

  /** As people see it, or by other rules than those of its environment. */
  async get(actor: Actor, id: string, policy?: MaskingPolicy): Promise<RunDetail> {
    const { run, document, log, payloads, mask } = await this.open(actor.workspace, id, policy);
    const steps = [
      ...tellSteps({ graph: document, at: '', inside: null }, log, payloads),
      ...tellAsking(document, log, payloads),
    ];
    mask.steps(steps);
    await this.decisions.addQuestions(actor, id, steps);
    if (run.endedAt !== null) endWaiting(steps);
    const summary = toSummary(run, await this.namesFor(actor.workspace, [run]));
    return {
      ...summary,
      error: summary.error === null ? null : mask.failure(summary.error),
      steps,
      entries: log.entries.length,
      input: steps.find(({ kind }) => kind === 'trigger')?.output,
    };
  }

  /** Passes through a loop, failed ones first. */
  async passes(
    workspace: string,
    id: string,
    { step, cursor, limit }: { step: string; cursor: string | undefined; limit: number },
  ): Promise<Reply<typeof runsApi.passes>> {
    const from = /^\d{1,9}$/.test(cursor ?? '') ? Number(cursor) : 0;
    const opened = await this.open(workspace, id);
    const { items, total } = tellPasses(opened, { key: step, from, limit });
    opened.mask.passes(items);
    return { items, total, next: from + limit < total ? String(from + limit) : null };
  }

  /** What left the building, oldest first. */
  async calls(
    workspace: string,
    id: string,
    { cursor, limit }: { cursor: string | undefined; limit: number },
  ): Promise<Reply<typeof runsApi.calls>> {
    const { document, manifest, log } = await this.openLog(workspace, id);
    const classes = await this.classesOf(workspace, { document, manifest });
    const from = /^\d{1,9}$/.test(cursor ?? '') ? Number(cursor) : 0;
    const all = tellCalls({ document, classes }, log);
    const next = from + limit < all.length ? String(from + limit) : null;
    const hosts = new Set(all.map(({ host }) => host)).size;
    return { items: all.slice(from, from + limit), next, total: all.length, hosts };
  }

  /** What the log holds of one step, by its key. */
  async stepEntries(
    workspace: string,
    { id, stepId }: { id: string; stepId: string },
    { cursor, limit }: { cursor: string | undefined; limit: number },
  ): Promise<Reply<typeof runsApi.stepEntries>> {
    const { log } = await this.openLog(workspace, id);
    const { step, at } = partsOf(stepId);
    const all = log.at(at).filter((entry) => entry.step === step);
    const from = /^\d{1,9}$/.test(cursor ?? '') ? Number(cursor) : 0;
    const items = all
      .slice(from, from + limit)
      .map(({ id: entry, at: when, action, attempt = null }) => ({ id: entry, at: when, action, attempt }));
    return { items, next: from + limit < all.length ? String(from + limit) : null };
  }

  /** The passes around one step, so that an address may name it. */
  async around(workspace: string, id: string, step: string): Promise<Reply<typeof runsApi.around>> {
    const opened = await this.open(workspace, id);
    const items = tellAround(opened, step);
    opened.mask.passes(items.map(({ pass }) => pass));
    return { items };
  }

  async decide(
    actor: Actor,
    { id, stepId }: { id: string; stepId: string },
    { decision, note }: { decision: 'approved' | 'refused'; note?: string | undefined },
  ): Promise<RunSummary> {
    const { environment } = await this.find(actor.workspace, id);
    assertMay(actor, 'runs.decide', environment);
    await this.decisions.decide(actor, { run: id, step: stepId }, { decision, note: note ?? null });
    return await this.summary(actor.workspace, id);
  }

  async cancel(actor: Actor, id: string): Promise<RunSummary> {
    const run = await this.findToOperate(actor, id);
    if (run.endedAt !== null) throw new Problem('run.not_cancellable');
    await this.engine.cancel({ actor, run: id });
    return await this.summary(actor.workspace, id);
  }

  /** What a retry would do, step by step. */
  async planRetry(
    actor: Actor,
    id: string,
    how: { from: 'failed' | 'start'; version: 'same' | 'current' },
  ): Promise<Reply<typeof runsApi.planRetry>> {
    await this.find(actor.workspace, id);
    return await this.engine.planRetry({ actor, run: id, ...how });
  }

  /** Throws `flow.stopped` too. */
  async retry(
    actor: Actor,
    id: string,
    how: { from: 'failed' | 'start'; version: 'same' | 'current'; repeat: readonly string[] },
  ): Promise<RunSummary> {
    const { flowId: flow, environment } = await this.findToOperate(actor, id);
    assertFree(await this.stops.list(actor.workspace), { flow, environment });
    const { runId } = await this.engine.retry({ actor, run: id, ...how });
    return await this.summary(actor.workspace, runId);
  }

  /** Settles a step in doubt by what a person found out. */
  async resolve(actor: Actor, place: { id: string; stepId: string }, happened: boolean): Promise<RunSummary> {
    await this.findToOperate(actor, place.id);
    await this.engine.resolve({ actor, run: place.id, step: place.stepId, happened });
    return await this.summary(actor.workspace, place.id);
  }

  /** Sends the run's state now and after each change; ends when the run has ended. */
  async follow(actor: Actor, id: string, stream: EventStream): Promise<void> {
    const told = new Map<string, string>();
    const tell = async () => {
      const { steps, status, endedAt, error } = await this.get(actor, id);
      for (const { key: step, status: stepStatus, startedAt, endedAt: stepEndedAt, until, attempts } of steps) {
        const news = {
          id: step,
          status: stepStatus,
          startedAt,
          endedAt: stepEndedAt,
          until,
          attempts: attempts.length,
        };
        if (told.get(step) === JSON.stringify(news)) continue;
        told.set(step, JSON.stringify(news));
        stream.send('step', news);
      }
      const news = { id, status, endedAt, error };
      if (told.get('') !== JSON.stringify(news)) stream.send('run', news);
      told.set('', JSON.stringify(news));
      if (endedAt !== null) stream.end();
    };
    let last: Promise<void> = tell();
    stream.onEnd(
      this.changes.on('runs', (ids) => {
        // One after another, so that an older state never follows a newer one.
        if (ids === null || ids.includes(id)) last = last.then(tell).catch(() => stream.end());
      }),
    );
    await last;
  }

  /** Throws `run.unknown`. */
  async summary(workspace: string, id: string): Promise<RunSummary> {
    const run = await this.find(workspace, id);
    return toSummary(run, await this.namesFor(workspace, [run]), await this.masking(workspace, run.environment));
  }

  private async namesFor(workspace: string, runs: readonly RunEntity[]): Promise<Names> {
    const [flows, people] = await Promise.all([this.flows.names(workspace), this.runs.people(runs)]);
    return { flows, ...people };
  }

  private async masking(workspace: string, environment: string, policy?: MaskingPolicy): Promise<Masking> {
    const [key, rules] = await Promise.all([
      this.keyring.key(workspace, environment, 'masking'),
      policy ?? this.environments.get(workspace, environment).then((found) => found.policy),
    ]);
    return { keyed: keyedBy(key), classes: maskedIn(rules) };
  }

  /** A run with its log and its values as they are; whoever tells of them masks them. Throws `run.unknown`. */
  async open(workspace: string, id: string, policy?: MaskingPolicy): Promise<OpenedRun> {
    const { run, document, manifest, log } = await this.openLog(workspace, id);
    const [values, classes, masking] = await Promise.all([
      run.erasedAt === null ? this.values(run) : [],
      this.classesOf(workspace, { document, manifest }),
      this.masking(workspace, run.environment, policy),
    ]);
    return { run, document, log, payloads: readPayloads(values), mask: new Mask(classes, masking) };
  }

  private async values({ id, workspaceId: workspace, environment, payloadKey }: RunEntity): Promise<KeptValue[]> {
    const [stored, payload] = await Promise.all([
      this.runs.payloads(id),
      this.keyring.keysFor({ workspace, environment, purpose: 'payload' }, payloadKey),
    ]);
    const read = await Promise.all(
      stored.map(async (one) => ({ ...one, sealed: await this.journal.readPayload(one) })),
    );
    return openPayloads(id, { key: openRunKey({ payload }, { id, payloadKey }).key, stored: read }).values;
  }

  private async classesOf(
    workspace: string,
    { document, manifest }: { document: FlowDocument; manifest: Manifest },
  ): Promise<FlowClasses> {
    const [{ answers }, catalogue] = await Promise.all([
      this.boundaries.of(workspace),
      this.connectors.catalogueOf(workspace, manifest),
    ]);
    return computeClasses(document, catalogue, answers);
  }

  /** A run with what the log says, and nothing that it carried. Throws `run.unknown`. */
  private async openLog(
    workspace: string,
    id: string,
  ): Promise<Pick<OpenedRun, 'run' | 'document' | 'log'> & { manifest: Manifest }> {
    const run = await this.find(workspace, id);
    const [entries, { document, manifest }] = await Promise.all([
      this.runs.entries(run),
      this.versions.get(workspace, run.flowId, run.version),
    ]);
    return {
      run,
      document,
      manifest,
      log: new RunLog(entries.map((body) => auditEntryBodySchema.parse(JSON.parse(body)))),
    };
  }

  /** A retry does what its run did, so it takes the same right as a run. */
  private async findToOperate(actor: Actor, id: string): Promise<RunEntity> {
    const run = await this.find(actor.workspace, id);
    assertMay(actor, 'runs.operate', run.environment);
    return run;
  }

  private async find(workspace: string, id: string): Promise<RunEntity> {
    const run = await this.runs.find(workspace, id);
    if (run === null) throw new Problem('run.unknown');
    return run;
  }
}

/** A run that was ended waits for nothing any more, whatever its steps' last entries say. */
function endWaiting(steps: readonly RunStep[]): void {
  for (const step of steps) {
    if (step.status === 'waiting' || step.status === 'running') Object.assign(step, { status: 'cancelled', ask: null });
  }
}
