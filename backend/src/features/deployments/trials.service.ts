import { Injectable } from '@nestjs/common';
import { fieldClasses } from '@sluice/shared/connector';
import { checkEnvironment, everyStep, type FlowDocument, isContainer, type Manifest } from '@sluice/shared/flow';
import type { Json } from '@sluice/shared/lib';
import { DataSource } from 'typeorm';
import { Engine } from '../../engine/engine.js';
import { Journal } from '../../journal/journal.js';
import { type Actor, assertMay } from '../../platform/actor.js';
import { Clock } from '../../platform/clock.js';
import { newId } from '../../platform/ids.js';
import { Problem } from '../../platform/problem.js';
import { Stops } from '../../platform/stops.js';
import { assertFree } from '../assert-free.js';
import { assertTryable } from '../assert-tryable.js';
import { ConnectionsService } from '../connections/connections.service.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import { DraftsService } from '../flows/drafts.service.js';
import { FlowsService } from '../flows/flows.service.js';
import { VersionsService } from '../flows/versions.service.js';
import { memberEntry } from '../member-entry.js';
import { checkBindings } from './bindings.js';
import { DeploymentsRepository } from './deployments.repository.js';
import { toIssue } from './environment-issue.js';
import { assertPolicy } from './policy.js';

export interface TrialBody {
  environment: string;
  upTo?: string | undefined;
  input?: Json | undefined;
  event?: string | undefined;
  standIns: Readonly<Record<string, Json>>;
  bindings: Readonly<Record<string, string>>;
}

/** Runs drafts where nobody has to approve and nothing has to run elsewhere before: with the connections, the policy and the broker of that environment. */
@Injectable()
export class TrialsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly flows: FlowsService,
    private readonly drafts: DraftsService,
    private readonly versions: VersionsService,
    private readonly environments: EnvironmentsService,
    private readonly connections: ConnectionsService,
    private readonly deployments: DeploymentsRepository,
    private readonly engine: Engine,
    private readonly stops: Stops,
    private readonly journal: Journal,
    private readonly clock: Clock,
  ) {}

  /**
   * Begins a run of the stored draft, or of what leads to one step. What it runs and with which connections is kept
   * before it begins, as a version and a deployment that no list names. Throws `trial.not_here`, `trial.wrong_step`,
   * `flow.has_problems`, `deployment.class_refused`, `deployment.binding_missing`, `flow.stopped`.
   */
  async start(actor: Actor, flow: string, body: TrialBody): Promise<{ runId: string }> {
    const { workspace } = actor;
    const { standIns, upTo } = body;
    await this.flows.assertKnown(workspace, flow);
    const place = await this.environments.get(workspace, body.environment);
    const { name: environment, policy } = place;
    assertMay(actor, 'flows.deploy', environment);
    assertMay(actor, 'flows.run', environment);
    assertTryable(place);
    assertFree(await this.stops.list(workspace), { flow, environment });
    const tried = await this.drafts.inspectPart(workspace, flow, { upTo, standIns: Object.keys(standIns) });
    const refused = checkEnvironment(tried, { name: environment, classes: policy.classes ?? [...fieldClasses] });
    if (refused.length > 0) throw new Problem('deployment.class_refused', { issues: refused.map(toIssue) });
    const bindings = await this.bind({ workspace, flow, environment }, { ...tried, standIns, given: body.bindings });
    const found = await this.connections.listBindable(workspace, environment, Object.values(bindings));
    assertPolicy({ name: environment, policy }, { document: tried.document, connections: found }, this.clock.now());
    const deployment = newId('deployment');
    await this.dataSource.transaction(async (tx) => {
      await this.flows.lock(tx, workspace, flow);
      const version = await this.versions.keepTried(tx, actor, { flow, tried });
      await this.deployments.insert(tx, {
        id: deployment,
        workspaceId: workspace,
        flowId: flow,
        environment,
        version,
        bindings,
        status: 'trial',
        reason: null,
        createdBy: actor.member,
        createdAt: this.clock.date(),
        activatedAt: null,
      });
      await this.journal.record(tx, [
        memberEntry(actor, 'flow.tried', {
          subject: { kind: 'flow', id: flow },
          environment,
          detail: {
            deployment,
            hash: tried.hash,
            bindings,
            upTo: upTo ?? null,
            standIns: Object.keys(standIns),
            event: body.event ?? null,
          },
        }),
      ]);
    });
    return await this.engine.startTrial({
      actor,
      deployment,
      input: body.input ?? null,
      event: body.event ?? null,
      standIns,
    });
  }

  /** A connection for each slot that is called: the one given, the one that is deployed, or the only one there is. */
  private async bind(
    { workspace, flow, environment }: { workspace: string; flow: string; environment: string },
    of: {
      document: FlowDocument;
      manifest: Manifest;
      standIns: Readonly<Record<string, Json>>;
      given: Readonly<Record<string, string>>;
    },
  ): Promise<Record<string, string>> {
    const called = slotsCalled(of.document, of.standIns);
    const slots = Object.entries(of.document.slots).filter(([slot]) => called.has(slot));
    const active = await this.deployments.findActive(workspace, flow, environment);
    const usable = await this.connections.listUsable(workspace, environment);
    const bindings: Record<string, string> = {};
    for (const [slot, { connector }] of slots) {
      const fitting = usable.filter((connection) => connection.connector === connector);
      const chosen = of.given[slot] ?? active?.bindings[slot] ?? (fitting.length === 1 ? fitting[0]?.id : undefined);
      if (chosen !== undefined) bindings[slot] = chosen;
    }
    const needed = Object.fromEntries(Object.entries(of.manifest.slots).filter(([slot]) => called.has(slot)));
    const issues = checkBindings({ document: of.document, manifest: { ...of.manifest, slots: needed } }, bindings, {
      connections: await this.connections.listBindable(workspace, environment, Object.values(bindings)),
      environment,
    });
    if (issues.length > 0) throw new Problem('deployment.binding_missing', { issues });
    return bindings;
  }
}

/** Slots of the actions that run: what has a stand-in calls nobody, and so does what lies in it. */
function slotsCalled({ steps }: FlowDocument, standIns: Readonly<Record<string, Json>>): Set<string> {
  const running = steps.filter(({ id, disabled }) => !disabled && !Object.hasOwn(standIns, id));
  const all = running.flatMap((step) => (isContainer(step) ? [...everyStep(step)] : [step]));
  return new Set(all.flatMap((step) => (step.kind === 'action' && !step.disabled ? [step.slot] : [])));
}
