import { Injectable } from '@nestjs/common';
import { readDocument } from '@sluice/shared/flow';
import type { EntityManager } from 'typeorm';
import { Changes } from '../../platform/changes.js';
import { Clock } from '../../platform/clock.js';
import type { DeploymentEntity } from './deployment.entity.js';
import { DeploymentsRepository } from './deployments.repository.js';
import { EndpointsRepository } from './endpoints.repository.js';
import { hookOf } from './hook.js';

/** Switches deployments on and off. The caller holds the flow's lock and writes the log. */
@Injectable()
export class ActivationService {
  constructor(
    private readonly deployments: DeploymentsRepository,
    private readonly endpoints: EndpointsRepository,
    private readonly changes: Changes,
    private readonly clock: Clock,
  ) {}

  /** The one that ran before is replaced in the same moment; answers its id. */
  async activate(tx: EntityManager, workspace: string, id: string): Promise<string | null> {
    const deployment = await this.get(tx, workspace, id);
    const { flowId: flow, environment } = deployment;
    const [replaced = null] = await this.deployments.replace(tx, { workspace, flow, environment, among: ['active'] });
    await this.deployments.change(tx, id, { status: 'active', activatedAt: this.clock.date() });
    await this.followHook(tx, deployment);
    for (const changed of replaced === null ? [id] : [replaced, id])
      await this.changes.notify(tx, 'deployments', changed);
    await this.changes.notify(tx, 'flows', flow);
    return replaced;
  }

  async findActiveId(
    tx: EntityManager,
    place: { workspace: string; flow: string; environment: string },
  ): Promise<string | null> {
    return await this.deployments.findActiveId(tx, place);
  }

  /** Whether it has not begun to run yet. */
  async waits(tx: EntityManager, workspace: string, id: string): Promise<boolean> {
    return (await this.get(tx, workspace, id)).status === 'waiting';
  }

  /** A waiting deployment that will not run; whatever runs goes on. False when it waits no more. */
  async refuse(tx: EntityManager, workspace: string, id: string): Promise<boolean> {
    const { status, flowId } = await this.get(tx, workspace, id);
    if (status !== 'waiting') return false;
    await this.deployments.change(tx, id, { status: 'refused' });
    await this.changes.notify(tx, 'deployments', id);
    await this.changes.notify(tx, 'flows', flowId);
    return true;
  }

  /** Ends all deployments of a flow; answers their ids. */
  async retire(tx: EntityManager, workspace: string, flow: string): Promise<string[]> {
    const ended = await this.deployments.replace(tx, { workspace, flow, among: ['active', 'waiting'] });
    for (const id of ended) await this.changes.notify(tx, 'deployments', id);
    return ended;
  }

  /** The door checks by the signature of the version that runs. */
  private async followHook(tx: EntityManager, deployment: DeploymentEntity): Promise<void> {
    const stored = readDocument(await this.deployments.document(tx, deployment));
    if ('issues' in stored) throw new Error('A stored version is not valid');
    const hook = hookOf(stored.document);
    if (hook === null) return;
    const { workspaceId, flowId, environment } = deployment;
    const endpoint = await this.endpoints.find(tx, workspaceId, { flowId, environment, stepId: hook.step });
    if (endpoint === null) return;
    await this.endpoints.setHook(tx, endpoint.id, { scheme: hook.scheme, config: hook.config });
    await this.changes.notify(tx, 'endpoints', endpoint.id);
  }

  private async get(tx: EntityManager, workspace: string, id: string): Promise<DeploymentEntity> {
    const deployment = await this.deployments.find(tx, workspace, id);
    if (deployment === null) throw new Error('A grant names a deployment that does not exist');
    return deployment;
  }
}
