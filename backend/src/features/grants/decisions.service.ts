import { Injectable } from '@nestjs/common';
import type { Grant } from '@sluice/shared/api';
import { DataSource, type EntityManager } from 'typeorm';
import { Journal } from '../../journal/journal.js';
import type { NewEntry } from '../../journal/records.js';
import { type Actor, assertMay } from '../../platform/actor.js';
import { Changes } from '../../platform/changes.js';
import { Clock } from '../../platform/clock.js';
import { Problem } from '../../platform/problem.js';
import { ActivationService } from '../deployments/activation.service.js';
import { FlowsService } from '../flows/flows.service.js';
import { MembersService } from '../members/members.service.js';
import { memberEntry } from '../member-entry.js';
import { type Limits, narrow } from './decision-rule.js';
import { type GrantRow, GrantsRepository } from './grants.repository.js';
import { differenceOf, GrantsService } from './grants.service.js';
import { GrantRequestsService } from './grant-requests.service.js';

const defaultDays = 365;

/** What an approver does. Each act and what follows from it is one transaction, one after the other for a flow. */
@Injectable()
export class DecisionsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly flows: FlowsService,
    private readonly members: MembersService,
    private readonly grants: GrantsRepository,
    private readonly reader: GrantsService,
    private readonly requests: GrantRequestsService,
    private readonly activation: ActivationService,
    private readonly journal: Journal,
    private readonly changes: Changes,
    private readonly clock: Clock,
  ) {}

  /** In force once every request of its deployment is approved: until then what runs keeps the grants it has. */
  async approve(
    actor: Actor,
    id: string,
    { reason, limits = {} }: { reason: string; limits?: (Limits & { days?: number | undefined }) | undefined },
  ): Promise<Grant> {
    return await this.decide(actor, id, async (tx, row, deciders) => {
      this.reader.assertMayDecide(actor, row, deciders);
      const allows = narrow(row.asks, limits);
      const expiresAt = new Date(this.clock.now() + (limits.days ?? defaultDays) * 86_400_000);
      const decidedChanges = differenceOf(row, allows);
      const decision = { ...this.decision(actor, reason), decidedChanges };
      await this.grants.change(tx, id, { status: 'approved', allows, expiresAt, ...decision });
      const approved = memberEntry(
        actor,
        'grant.approved',
        about(row, { reason, expiresAt: expiresAt.toISOString(), ...allows }),
      );
      return [approved, ...(await this.activateWhenComplete(tx, actor, row))];
    });
  }

  /** The deployment will not run; what runs goes on. */
  async refuse(actor: Actor, id: string, reason: string): Promise<Grant> {
    return await this.decide(actor, id, async (tx, row, deciders) => {
      this.reader.assertMayDecide(actor, row, deciders);
      const decision = { ...this.decision(actor, reason), decidedChanges: differenceOf(row, row.asks) };
      await this.grants.change(tx, id, { status: 'refused', ...decision });
      return [
        memberEntry(actor, 'grant.refused', about(row, { reason })),
        ...(await this.refuseDeployment(tx, actor, row)),
      ];
    });
  }

  /** The broker reads the grant at each call, so the next call is refused. */
  async revoke(actor: Actor, id: string, reason: string): Promise<Grant> {
    return await this.decide(actor, id, async (tx, row) => {
      if (row.status !== 'active') throw new Problem('grant.not_active');
      await this.grants.change(tx, id, { status: 'revoked', ...this.decision(actor, reason) });
      return [
        memberEntry(actor, 'grant.revoked', about(row, { reason })),
        ...(await this.refuseDeployment(tx, actor, row)),
      ];
    });
  }

  private async decide(
    actor: Actor,
    id: string,
    act: (tx: EntityManager, row: GrantRow, deciders: number) => Promise<NewEntry[]>,
  ): Promise<Grant> {
    // Before the transaction: one that waits for a second connection can starve the pool.
    const deciders = await this.members.countDeciders(actor.workspace);
    await this.dataSource.transaction(async (tx) => {
      const { flowId, environment } = await this.reader.getRow(tx, actor.workspace, id);
      assertMay(actor, 'grants.decide', environment);
      await this.flows.lock(tx, actor.workspace, flowId);
      // Read again under the lock: of two who decide at once the second sees what the first did.
      const entries = await act(tx, await this.reader.getRow(tx, actor.workspace, id), deciders);
      await this.changes.notify(tx, 'grants', id);
      await this.journal.record(tx, entries);
    });
    return await this.reader.get(actor, id);
  }

  private async activateWhenComplete(
    tx: EntityManager,
    actor: Actor,
    { flowId, environment, deploymentId, version }: GrantRow,
  ): Promise<NewEntry[]> {
    const all = await this.grants.listOfDeployment(tx, actor.workspace, deploymentId);
    if (all.some(({ status }) => status !== 'approved')) return [];
    await this.grants.replaceActive(tx, { flowId, environment, slots: all.map(({ slot }) => slot) });
    for (const grant of all) {
      await this.grants.change(tx, grant.id, { status: 'active' });
      await this.changes.notify(tx, 'grants', grant.id);
    }
    const replaced = await this.activation.activate(tx, actor.workspace, deploymentId);
    return [
      memberEntry(actor, 'deployment.activated', {
        subject: { kind: 'deployment', id: deploymentId },
        environment,
        detail: { flow: flowId, version, replaced, grants: all.map(({ id }) => id) },
      }),
    ];
  }

  private async refuseDeployment(
    tx: EntityManager,
    actor: Actor,
    { flowId, environment, deploymentId, version }: GrantRow,
  ): Promise<NewEntry[]> {
    if (!(await this.activation.refuse(tx, actor.workspace, deploymentId))) return [];
    await this.requests.close(tx, actor.workspace, [deploymentId]);
    return [
      memberEntry(actor, 'deployment.refused', {
        subject: { kind: 'deployment', id: deploymentId },
        environment,
        detail: { flow: flowId, version },
      }),
    ];
  }

  private decision(actor: Actor, reason: string): { decidedBy: string; decidedAt: Date; decisionReason: string } {
    return { decidedBy: actor.member, decidedAt: this.clock.date(), decisionReason: reason };
  }
}

/** What the log says a decision was about. */
function about(row: GrantRow, detail: NonNullable<NewEntry['detail']>) {
  const {
    id,
    environment,
    flowId: flow,
    version,
    deploymentId: deployment,
    slot,
    connector,
    connectionId: connection,
    hash,
  } = row;
  return {
    subject: { kind: 'grant', id },
    environment,
    detail: { flow, version, deployment, slot, connector, connection, hash, ...detail },
  };
}
