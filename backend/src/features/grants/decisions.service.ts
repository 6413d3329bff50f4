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
import { type ApproveBody, type ApproveTogetherBody, termsOf } from './terms.js';

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
    await this.decide(actor, [id], (tx, row, decision) => this.sign(tx, actor, { row, decision, body }));
    return await this.reader.get(actor, id);
  }

  /** One signature under each of these requests of a deployment, or under none. */
  async approveTogether(actor: Actor, deployment: string, body: ApproveTogetherBody): Promise<Grant[]> {
    const { reason, emergency, grants } = body;
    const ids = Object.keys(grants);
    const asked = await this.askedBy(actor, deployment);
    const foreign = ids.filter((id) => !asked.some((grant) => grant.id === id));
    if (foreign.length > 0) {
      const issues = foreign.map((id) => ({ path: `grants.${id}`, message: 'This deployment does not ask for it.' }));
      throw new Problem('grant.wider', { issues });
    }
    await this.decide(actor, ids, (tx, row, decision) =>
      this.sign(tx, actor, { row, decision, body: { reason, emergency, limits: grants[row.id] } }),
    );
    return await this.reader.ofDeployment(actor, deployment);
  }

  /** The deployment will not run; what runs goes on. */
  async refuse(actor: Actor, id: string, reason: string): Promise<Grant> {
    await this.refuseAll(actor, [id], reason);
    return await this.reader.get(actor, id);
  }

  /** All that the deployment still asks for. */
  async refuseTogether(actor: Actor, deployment: string, reason: string): Promise<Grant[]> {
    const asked = await this.askedBy(actor, deployment);
    const pending = asked.filter(({ status }) => status === 'pending').map(({ id }) => id);
    if (pending.length === 0) throw new Problem('grant.not_pending');
    await this.refuseAll(actor, pending, reason);
    return await this.reader.ofDeployment(actor, deployment);
  }

  /** The broker reads the grant at each call, so the next call is refused. */
  async revoke(actor: Actor, id: string, reason: string): Promise<Grant> {
    await this.decide(actor, [id], async (tx, row) => {
      if (row.status !== 'active') throw new Problem('grant.not_active');
      await this.grants.change(tx, id, { status: 'revoked', ...this.decision(actor, reason) });
      return [
        memberEntry(actor, 'grant.revoked', about(row, { reason })),
        ...(await this.refuseDeployment(tx, actor, row)),
      ];
    });
    return await this.reader.get(actor, id);
  }

  /** Somebody else looks at what was approved for a deployment in an emergency: all slots at once, but for his own. */
  async review(actor: Actor, deployment: string, note: string): Promise<Grant[]> {
    const asked = await this.askedBy(actor, deployment);
    const due = asked.filter(({ emergency, review }) => emergency && review === null);
    if (due.length === 0) throw new Problem('grant.not_reviewable');
    const others = due.filter(({ decidedBy }) => decidedBy?.id !== actor.member);
    const looked = (others.length > 0 ? others : due).map(({ id }) => id);
    await this.decide(actor, looked, async (tx, row, { deciders }) => {
      if (!row.emergency || row.reviewedBy !== null) throw new Problem('grant.not_reviewable');
      if (row.decidedBy === actor.member && deciders > 1) throw new Problem('grant.own_emergency');
      await this.grants.change(tx, row.id, {
        reviewedBy: actor.member,
        reviewedAt: this.clock.date(),
        reviewNote: note,
      });
      return [memberEntry(actor, 'grant.emergency_reviewed', about(row, { note, approvedBy: row.decidedBy }))];
    });
    return await this.reader.ofDeployment(actor, deployment);
  }

  private async sign(
    tx: EntityManager,
    actor: Actor,
    { row, decision, body }: { row: GrantRow; decision: Decision; body: ApproveBody },
  ): Promise<NewEntry[]> {
    const { emergency = false, reason } = body;
    const { id } = row;
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
  }

  /** What a deployment asked for, by who may decide it. Throws `grant.unknown` where there is no such deployment. */
  private async askedBy(actor: Actor, deployment: string): Promise<Grant[]> {
    const asked = await this.reader.ofDeployment(actor, deployment);
    const [first] = asked;
    if (first === undefined) throw new Problem('grant.unknown');
    assertMay(actor, 'grants.decide', first.environment);
    return asked;
  }

  private async refuseAll(actor: Actor, ids: readonly string[], reason: string): Promise<void> {
    await this.decide(actor, ids, async (tx, row, decision) => {
      this.reader.assertMayDecide(decision);
      const changes = differenceOf(row, row.asks, await this.reader.connectorOf(actor.workspace, row, tx));
      const decided = { ...this.decision(actor, reason), decidedChanges: changes };
      await this.grants.change(tx, row.id, { status: 'refused', expiresAt: null, ...decided });
      // With the last: it ends all that its deployment still asks for.
      const ends = row.id === ids.at(-1) ? await this.refuseDeployment(tx, actor, row) : [];
      return [memberEntry(actor, 'grant.refused', about(row, { reason })), ...ends];
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

  /** One after the other in one transaction; all of one deployment. */
  private async decide(
    actor: Actor,
    ids: readonly string[],
    act: (tx: EntityManager, row: GrantRow, decision: Decision) => Promise<NewEntry[]>,
  ): Promise<void> {
    const [first = ''] = ids;
    // Before the transaction: one that waits for a second connection can starve the pool.
    const deciders = await this.members.deciders(actor.workspace, actor.member);
    await this.dataSource.transaction(async (tx) => {
      const place = await this.reader.getRow(tx, actor.workspace, first);
      assertMay(actor, 'grants.decide', place.environment);
      await this.flows.lock(tx, actor.workspace, place.flowId);
      const entries: NewEntry[] = [];
      for (const id of ids) {
        // Read again under the lock: of two who decide at once the second sees what the first did.
        const row = await this.reader.getRow(tx, actor.workspace, id);
        entries.push(...(await act(tx, row, this.reader.decisionOf(actor, row, deciders))));
        await this.changes.notify(tx, 'grants', id);
      }
      await this.journal.record(tx, entries);
    });
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
