import { Injectable } from '@nestjs/common';
import { type Grant, rolesWith } from '@sluice/shared/api';
import { DataSource, type EntityManager } from 'typeorm';
import { Journal } from '../../journal/journal.js';
import type { NewEntry } from '../../journal/records.js';
import { type Actor, assertMay } from '../../platform/actor.js';
import { Changes } from '../../platform/changes.js';
import { Clock } from '../../platform/clock.js';
import { Problem } from '../../platform/problem.js';
import { ActivationService } from '../deployments/activation.service.js';
import { FlowsService } from '../flows/flows.service.js';
import { memberEntry } from '../member-entry.js';
import { MembersService } from '../members/members.service.js';
import { NoticesService } from '../notices/notices.service.js';
import { type Decision, signaturesNeeded, whyNotInEmergency } from './decision-rule.js';
import { differenceOf } from './difference.js';
import { GrantRequestsService } from './grant-requests.service.js';
import { type GrantRow, GrantsRepository } from './grants.repository.js';
import { GrantsService } from './grants.service.js';
import { assertNeeded } from './narrow.js';
import { type ApproveBody, termsOf } from './terms.js';

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
    private readonly notices: NoticesService,
    private readonly journal: Journal,
    private readonly changes: Changes,
    private readonly clock: Clock,
  ) {}

  /**
   * One signature. With the last that is needed the request is approved, and in force once every request of its
   * deployment is: until then what runs keeps the grants it has.
   */
  async approve(actor: Actor, id: string, body: ApproveBody): Promise<Grant> {
    return await this.decide(actor, id, async (tx, row, decision) => {
      const { emergency = false, reason } = body;
      this.reader.assertMayDecide(decision, emergency ? whyNotInEmergency : undefined);
      if (emergency) await this.assertReviewed(tx, actor.workspace);
      const terms = termsOf(row, body, decision);
      const connector = await this.reader.connectorOf(actor.workspace, row, tx);
      assertNeeded({ asks: row.asks, allows: terms.allows, connector }, await this.grants.document(tx, row));
      const { allows, hash, expiresAt, rate } = terms;
      const at = this.clock.date();
      await this.grants.sign(tx, { grant: id, member: actor.member, at, reason, allows, hash });
      const needed = emergency ? 1 : signaturesNeeded(decision, row.highRisk);
      const signed = row.signatures.length + 1;
      const detail = { reason, hash, expiresAt: expiresAt.toISOString(), ...allows, rate };
      if (signed < needed) {
        await this.grants.change(tx, id, { hash, expiresAt, rate });
        return [memberEntry(actor, 'grant.signed', about(row, { ...detail, signed, needed }))];
      }
      const decided = { ...this.decision(actor, reason), decidedChanges: differenceOf(row, allows, connector) };
      await this.grants.change(tx, id, { status: 'approved', allows, hash, expiresAt, rate, emergency, ...decided });
      if (emergency) await this.tellAll(tx, actor, row);
      const action = emergency ? 'grant.emergency_approved' : 'grant.approved';
      const entry = memberEntry(actor, action, about(row, { ...detail, signed, needed, highRisk: row.highRisk }));
      return [entry, ...(await this.activateWhenComplete(tx, actor, row))];
    });
  }

  /** The deployment will not run; what runs goes on. */
  async refuse(actor: Actor, id: string, reason: string): Promise<Grant> {
    return await this.decide(actor, id, async (tx, row, decision) => {
      this.reader.assertMayDecide(decision);
      const changes = differenceOf(row, row.asks, await this.reader.connectorOf(actor.workspace, row, tx));
      const decided = { ...this.decision(actor, reason), decidedChanges: changes };
      await this.grants.change(tx, id, { status: 'refused', expiresAt: null, ...decided });
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

  /** Somebody else looks at what one person approved in an emergency. */
  async review(actor: Actor, id: string, note: string): Promise<Grant> {
    return await this.decide(actor, id, async (tx, row, { deciders }) => {
      if (!row.emergency || row.reviewedBy !== null) throw new Problem('grant.not_reviewable');
      if (row.decidedBy === actor.member && deciders > 1) throw new Problem('grant.own_emergency');
      await this.grants.change(tx, id, {
        reviewedBy: actor.member,
        reviewedAt: this.clock.date(),
        reviewNote: note,
      });
      return [memberEntry(actor, 'grant.emergency_reviewed', about(row, { note, approvedBy: row.decidedBy }))];
    });
  }

  /** Nobody signed beside him: all who could have hear of it. */
  private async tellAll(tx: EntityManager, actor: Actor, { flowId: flow, environment }: GrantRow): Promise<void> {
    await this.notices.tell(tx, {
      workspace: actor.workspace,
      kind: 'grant.emergency',
      about: { kind: 'flow', id: flow, flow, environment },
      audience: { roles: rolesWith('grants.decide'), except: actor.member },
      detail: { by: actor.name },
    });
  }

  /** Nobody goes on in emergencies that nobody looks at. */
  private async assertReviewed(tx: EntityManager, workspace: string): Promise<void> {
    const yesterday = new Date(this.clock.now() - 86_400_000);
    if (await this.grants.hasUnreviewed(tx, workspace, yesterday)) throw new Problem('grant.review_due');
  }

  private async decide(
    actor: Actor,
    id: string,
    act: (tx: EntityManager, row: GrantRow, decision: Decision) => Promise<NewEntry[]>,
  ): Promise<Grant> {
    // Before the transaction: one that waits for a second connection can starve the pool.
    const deciders = await this.members.deciders(actor.workspace, actor.member);
    await this.dataSource.transaction(async (tx) => {
      const { flowId, environment } = await this.reader.getRow(tx, actor.workspace, id);
      assertMay(actor, 'grants.decide', environment);
      await this.flows.lock(tx, actor.workspace, flowId);
      // Read again under the lock: of two who decide at once the second sees what the first did.
      const row = await this.reader.getRow(tx, actor.workspace, id);
      const entries = await act(tx, row, this.reader.decisionOf(actor, row, deciders));
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
    const { workspace } = actor;
    const unsettled = await this.grants.listUnsettled(tx, workspace, deploymentId);
    if (unsettled.some(({ status }) => status !== 'approved')) return [];
    const grants = await this.requests.enforce(tx, { workspace, deployment: deploymentId });
    // A smaller grant for what runs already starts nothing.
    if (!(await this.activation.waits(tx, workspace, deploymentId))) return [];
    const replaced = await this.activation.activate(tx, workspace, deploymentId);
    if (replaced !== null) await this.requests.close(tx, workspace, [replaced]);
    return [
      memberEntry(actor, 'deployment.activated', {
        subject: { kind: 'deployment', id: deploymentId },
        environment,
        detail: { flow: flowId, version, replaced, grants },
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
  const { id, environment, flowId: flow, version, deploymentId: deployment, slot, connector, hash } = row;
  const { connectionId: connection } = row;
  return {
    subject: { kind: 'grant', id },
    environment,
    detail: { flow, version, deployment, slot, connector, connection, hash, ...detail },
  };
}
