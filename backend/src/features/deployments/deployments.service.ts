import { Injectable } from '@nestjs/common';
import type { Deployment, EnvironmentPolicy, Grant } from '@sluice/shared/api';
import { fieldClasses } from '@sluice/shared/connector';
import { checkEnvironment } from '@sluice/shared/flow';
import type { Json } from '@sluice/shared/lib';
import { DataSource, type EntityManager } from 'typeorm';
import { Engine } from '../../engine/engine.js';
import { Journal } from '../../journal/journal.js';
import type { NewEntry } from '../../journal/records.js';
import { type Actor, assertMay } from '../../platform/actor.js';
import { Changes } from '../../platform/changes.js';
import { Clock } from '../../platform/clock.js';
import { newId } from '../../platform/ids.js';
import { Problem } from '../../platform/problem.js';
import { Stops } from '../../platform/stops.js';
import { ConnectionsService } from '../connections/connections.service.js';
import { ConnectorsService } from '../connectors/connectors.service.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import { BoundariesService } from '../flows/boundaries.service.js';
import { FlowsService } from '../flows/flows.service.js';
import { VersionsService } from '../flows/versions.service.js';
import { GrantsService } from '../grants/grants.service.js';
import { GrantRequestsService } from '../grants/grant-requests.service.js';
import { memberEntry } from '../member-entry.js';
import { assertFree } from '../assert-free.js';
import { ActivationService } from './activation.service.js';
import { type Bindable, checkBindings } from './bindings.js';
import { type DeploymentRow, DeploymentsRepository } from './deployments.repository.js';
import { type NewEndpointReply, EndpointsService } from './endpoints.service.js';
import { toIssue } from './environment-issue.js';
import { hookOf } from './hook.js';
import { assertPolicy } from './policy.js';

export interface DeployBody {
  environment: string;
  version: number;
  bindings: Record<string, string>;
  reason?: string | undefined;
}
type Version = Awaited<ReturnType<VersionsService['get']>>;

/** What is to run where, once all that was given is found to be in order. */
interface Plan {
  flow: string;
  environment: string;
  needsApproval: boolean;
  version: Version;
  bindings: Record<string, string>;
  connections: ReadonlyMap<string, Bindable>;
  reason: string | null;
}

@Injectable()
export class DeploymentsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly flows: FlowsService,
    private readonly versions: VersionsService,
    private readonly boundaries: BoundariesService,
    private readonly environments: EnvironmentsService,
    private readonly connections: ConnectionsService,
    private readonly connectors: ConnectorsService,
    private readonly requests: GrantRequestsService,
    private readonly grants: GrantsService,
    private readonly activation: ActivationService,
    private readonly deployments: DeploymentsRepository,
    private readonly endpoints: EndpointsService,
    private readonly engine: Engine,
    private readonly stops: Stops,
    private readonly journal: Journal,
    private readonly changes: Changes,
    private readonly clock: Clock,
  ) {}

  async list(
    workspace: string,
    flow: string,
    page: { cursor?: string | undefined; limit: number },
  ): Promise<Deployment[]> {
    await this.flows.assertKnown(workspace, flow);
    return (await this.deployments.list(workspace, { flow, ...page })).map(toReply);
  }

  /** Active at once where nobody has to approve, or all of it was approved before; else it waits and what runs goes on. */
  async deploy(
    actor: Actor,
    flow: string,
    body: DeployBody,
  ): Promise<Deployment & { grantRequests: Grant[]; endpoints: NewEndpointReply[] }> {
    assertMay(actor, 'flows.deploy', body.environment);
    const plan = await this.plan(actor.workspace, flow, body);
    const id = newId('deployment');
    const endpoints = await this.dataSource.transaction(async (tx) => {
      await this.flows.lock(tx, actor.workspace, flow);
      const given = await this.deployIn(tx, actor, { ...plan, id });
      await this.changes.notify(tx, 'flows', flow);
      await this.journal.record(tx, given.entries);
      return given.endpoints;
    });
    const [row] = await this.deployments.list(actor.workspace, { flow, id, limit: 1 });
    if (row === undefined) throw new Error('A deployment vanished after it was stored');
    const grantRequests = await this.grants.ofDeployment(actor, id);
    return { ...toReply(row), grantRequests, endpoints };
  }

  /** Throws `deployment.none` where nothing is active, `flow.stopped` where somebody stopped it. */
  async run(
    actor: Actor,
    flow: string,
    { environment, input }: { environment: string; input?: Json | undefined },
  ): Promise<{ runId: string }> {
    await this.flows.assertKnown(actor.workspace, flow);
    await this.environments.get(actor.workspace, environment);
    assertMay(actor, 'flows.run', environment);
    const active = await this.deployments.findActive(actor.workspace, flow, environment);
    if (active === null)
      throw new Problem('deployment.none', {
        message: `The flow is not deployed in ${environment}; deploy a version there first.`,
      });
    assertFree(await this.stops.list(actor.workspace), { flow, environment });
    return await this.engine.startManual({ actor, deployment: active.id, input: input ?? null });
  }

  /** Everything that can be refused without a change. */
  private async plan(workspace: string, flow: string, body: DeployBody): Promise<Plan> {
    await this.flows.assertKnown(workspace, flow);
    const { name, policy } = await this.environments.get(workspace, body.environment);
    const version = await this.versions.get(workspace, flow, body.version);
    const catalogue = await this.connectors.catalogueOf(workspace, version.manifest);
    const refused = checkEnvironment(
      { document: version.document, catalogue, boundaries: await this.boundaries.of(workspace) },
      { name, classes: policy.classes ?? [...fieldClasses] },
    );
    if (refused.length > 0) throw new Problem('deployment.class_refused', { issues: refused.map(toIssue) });
    const found = await this.connections.listBindable(workspace, name, Object.values(body.bindings));
    const issues = checkBindings(version, body.bindings, { connections: found, environment: name });
    if (issues.length > 0) throw new Problem('deployment.binding_missing', { issues });
    assertPolicy({ name, policy }, { document: version.document, connections: found }, this.clock.now());
    await this.assertPromoted(workspace, flow, { version, policy });
    const byId = new Map(found.map((connection) => [connection.id, connection]));
    const connections = new Map(
      Object.entries(body.bindings).flatMap(([slot, id]) => {
        const connection = byId.get(id);
        return connection === undefined ? [] : [[slot, connection] as const];
      }),
    );
    return {
      flow,
      environment: name,
      needsApproval: policy.approval,
      version,
      bindings: body.bindings,
      connections,
      reason: body.reason ?? null,
    };
  }

  /** Where the policy names an environment that comes before, the same content has to run there, or to have run. */
  private async assertPromoted(
    workspace: string,
    flow: string,
    { version, policy }: { version: Version; policy: EnvironmentPolicy },
  ): Promise<void> {
    const { after } = policy;
    if (
      after === undefined ||
      (await this.deployments.hasRun(workspace, { flow, environment: after, hash: version.hash }))
    )
      return;
    throw new Problem('deployment.not_promoted', {
      message: `v${version.version} has not run in ${after}; deploy it there first.`,
    });
  }

  private async deployIn(
    tx: EntityManager,
    actor: Actor,
    plan: Plan & { id: string },
  ): Promise<{ endpoints: NewEndpointReply[]; entries: NewEntry[] }> {
    const { id, flow, environment, version, bindings, reason } = plan;
    const { workspace } = actor;
    const superseded = await this.deployments.replace(tx, { workspace, flow, environment, among: ['waiting'] });
    await this.requests.close(tx, workspace, superseded);
    await this.deployments.insert(tx, {
      id,
      workspaceId: workspace,
      flowId: flow,
      environment,
      version: version.version,
      bindings,
      status: 'waiting',
      reason,
      createdBy: actor.member,
      createdAt: this.clock.date(),
      activatedAt: null,
    });
    const hook = hookOf(version.document);
    const hooked = hook === null ? null : await this.endpoints.ensure(tx, actor, { flow, environment, hook });
    const { entries: requested, waits } = plan.needsApproval
      ? await this.requests.open(tx, actor, { ...plan, deployment: id })
      : { entries: [], waits: false };
    const replaced = waits ? null : await this.start(tx, workspace, id);
    for (const changed of [...superseded, id]) await this.changes.notify(tx, 'deployments', changed);
    const created = memberEntry(actor, waits ? 'deployment.requested' : 'deployment.activated', {
      subject: { kind: 'deployment', id },
      environment,
      detail: { flow, version: version.version, hash: version.hash, bindings, replaced, superseded, reason },
    });
    return {
      endpoints: hooked === null ? [] : [hooked.endpoint],
      entries: [created, ...(hooked?.entries ?? []), ...requested],
    };
  }

  /** Nobody has to decide anything more; answers what it replaced. */
  private async start(tx: EntityManager, workspace: string, id: string): Promise<string | null> {
    await this.requests.enforce(tx, { workspace, deployment: id });
    const replaced = await this.activation.activate(tx, workspace, id);
    if (replaced !== null) await this.requests.close(tx, workspace, [replaced]);
    return replaced;
  }
}

function toReply({
  id,
  flowId,
  environment,
  version,
  status,
  bindings,
  createdBy,
  createdByName,
  createdAt,
  activatedAt,
}: DeploymentRow): Deployment {
  return {
    id,
    flow: flowId,
    environment,
    version,
    status,
    bindings,
    createdBy: { id: createdBy, name: createdByName },
    createdAt: createdAt.toISOString(),
    activatedAt: activatedAt?.toISOString() ?? null,
  };
}
