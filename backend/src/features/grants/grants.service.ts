import { Inject, Injectable } from '@nestjs/common';
import { type Allowance, allowsIn, type Grant } from '@sluice/shared/api';
import type { EntityManager } from 'typeorm';
import { catalogue } from '../../connectors/registry.js';
import type { Actor } from '../../platform/actor.js';
import { Clock } from '../../platform/clock.js';
import { Problem } from '../../platform/problem.js';
import { MembersService } from '../members/members.service.js';
import { type Decision, soloFrom, whyNotDecide } from './decision-rule.js';
import type { GrantDifference } from './grant.entity.js';
import { changesOf } from './grant-changes.js';
import { type GrantFilter, type GrantRow, GrantsRepository } from './grants.repository.js';
import { soloApprovalDelay } from '../../platform/tokens.js';

/** Grants and requests as a reader sees them: with what they would change, or changed when they were decided. */
@Injectable()
export class GrantsService {
  constructor(
    private readonly grants: GrantsRepository,
    private readonly members: MembersService,
    private readonly clock: Clock,
    @Inject(soloApprovalDelay) private readonly soloDelaySeconds: number,
  ) {}

  async list(actor: Actor, filter: GrantFilter): Promise<Grant[]> {
    const rows = await this.grants.list(actor.workspace, { ...filter, now: this.clock.date() });
    if (rows.length === 0) return [];
    const deciders = await this.members.countDeciders(actor.workspace);
    return rows.map((row) => toReply(row, this.decisionOf(actor, row, deciders)));
  }

  /** Throws `grant.unknown`. */
  async get(actor: Actor, id: string): Promise<Grant> {
    const [grant] = await this.list(actor, { id, limit: 1 });
    if (grant === undefined) throw new Problem('grant.unknown');
    return grant;
  }

  /** The requests that a deployment opened. */
  async ofDeployment(actor: Actor, deployment: string): Promise<Grant[]> {
    return await this.list(actor, { deployment, limit: 200 });
  }

  /** The row as it stands inside a transaction. Throws `grant.unknown`. */
  async getRow(tx: EntityManager, workspace: string, id: string): Promise<GrantRow> {
    const [row] = await this.grants.list(workspace, { id, limit: 1, now: this.clock.date() }, tx);
    if (row === undefined) throw new Problem('grant.unknown');
    return row;
  }

  /** Throws the reason why this member may not decide now. `deciders`: how many of the workspace could. */
  assertMayDecide(actor: Actor, row: GrantRow, deciders: number): void {
    const why = whyNotDecide(this.decisionOf(actor, row, deciders));
    if (why !== null) throw new Problem(why.code, { message: why.message });
  }

  private decisionOf(actor: Actor, row: GrantRow, deciders: number): Decision {
    return {
      status: row.status,
      requestedBy: row.requestedBy,
      requestedAt: row.requestedAt.getTime(),
      publishedBy: row.publishedBy,
      member: actor.member,
      hasPermission: allowsIn(actor, 'grants.decide', row.environment),
      deciders,
      soloDelaySeconds: this.soloDelaySeconds,
      now: this.clock.now(),
    };
  }
}

/** What it changes against what is in force now if that much of it is allowed. */
export function differenceOf(row: GrantRow, allowed: Allowance): GrantDifference {
  const { activeVersion: version, activeAllows: allows } = row;
  const active = version === null || allows === null ? null : { version, allows };
  return { active, ...changesOf({ ...allowed, steps: row.asks.steps }, allows, catalogue[row.connector]) };
}

function toReply(row: GrantRow, decision: Decision): Grant {
  const why = whyNotDecide(decision);
  const isSolo =
    decision.deciders <= 1 && decision.hasPermission && row.status === 'pending' && row.requestedBy === decision.member;
  return {
    id: row.id,
    status: row.status,
    flow: { id: row.flowId, name: row.flowName },
    version: row.version,
    environment: row.environment,
    slot: row.slot,
    connector: row.connector,
    connection: { id: row.connectionId, name: row.connectionName },
    deployment: row.deploymentId,
    hash: row.hash,
    asks: row.asks,
    ...(row.decidedChanges ?? differenceOf(row, row.asks)),
    reason: row.reason,
    requestedBy: { id: row.requestedBy, name: row.requesterName },
    requestedAt: row.requestedAt.toISOString(),
    decidedBy: row.decidedBy === null ? null : { id: row.decidedBy, name: row.deciderName ?? row.decidedBy },
    decidedAt: row.decidedAt?.toISOString() ?? null,
    decisionReason: row.decisionReason,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    soloFrom: isSolo ? new Date(soloFrom(decision)).toISOString() : null,
    mayDecide: why === null,
    mayNotBecause: why?.message ?? null,
  };
}
