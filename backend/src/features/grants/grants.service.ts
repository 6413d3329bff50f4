import { Inject, Injectable } from '@nestjs/common';
import { allowsIn, approvalRules, type Grant } from '@sluice/shared/api';
import type { ConnectorDescription } from '@sluice/shared/connector';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../platform/actor.js';
import { Clock } from '../../platform/clock.js';
import { Problem } from '../../platform/problem.js';
import { soloApprovalDelay } from '../../platform/tokens.js';
import { ConnectorsService } from '../connectors/connectors.service.js';
import { type Deciders, MembersService } from '../members/members.service.js';
import { type Decision, whyNotDecide } from './decision-rule.js';
import { toReply } from './grant-reply.js';
import { type GrantFilter, type GrantRow, GrantsRepository } from './grants.repository.js';

/** Grants and requests as a reader sees them: with what they would change, or changed when they were decided. */
@Injectable()
export class GrantsService {
  constructor(
    private readonly grants: GrantsRepository,
    private readonly members: MembersService,
    private readonly connectors: ConnectorsService,
    private readonly clock: Clock,
    @Inject(soloApprovalDelay) private readonly soloDelaySeconds: number,
  ) {}

  async list(actor: Actor, filter: GrantFilter): Promise<Grant[]> {
    const rows = await this.grants.list(actor.workspace, { ...filter, now: this.clock.date() });
    if (rows.length === 0) return [];
    const deciders = await this.members.deciders(actor.workspace, actor.member);
    const replies: Grant[] = [];
    // One after the other: what the first one opens is there for the next.
    for (const row of rows)
      replies.push(toReply(row, this.decisionOf(actor, row, deciders), await this.connectorOf(actor.workspace, row)));
    return replies;
  }

  /** As it was when it was asked for. */
  async connectorOf(
    workspace: string,
    row: Pick<GrantRow, 'connector' | 'connectorVersion'>,
    tx?: EntityManager,
  ): Promise<ConnectorDescription | undefined> {
    const { connector, connectorVersion: version } = row;
    return await this.connectors.describe(workspace, { connector, version }, tx);
  }

  /** Throws `grant.unknown`. */
  async get(actor: Actor, id: string): Promise<Grant> {
    const [grant] = await this.list(actor, { id, limit: 1 });
    if (grant === undefined) throw new Problem('grant.unknown');
    return grant;
  }

  /** The requests that a deployment opened. */
  async ofDeployment(actor: Actor, deployment: string): Promise<Grant[]> {
    const all = await this.list(actor, { deployment, limit: 200 });
    return all.filter(({ carriedFrom }) => carriedFrom === null);
  }

  /** The row as it stands inside a transaction. Throws `grant.unknown`. */
  async getRow(tx: EntityManager, workspace: string, id: string): Promise<GrantRow> {
    const [row] = await this.grants.list(workspace, { id, limit: 1, now: this.clock.date() }, tx);
    if (row === undefined) throw new Problem('grant.unknown');
    return row;
  }

  /** Throws the reason why this member may not decide now, by the ordinary rule or another. */
  assertMayDecide(decision: Decision, whyNot = whyNotDecide): void {
    const why = whyNot(decision);
    if (why !== null) throw new Problem(why.code, { message: why.message });
  }

  decisionOf(actor: Actor, row: GrantRow, deciders: Deciders): Decision {
    return {
      status: row.status,
      requestedBy: row.requestedBy,
      requestedAt: row.requestedAt.getTime(),
      publishedBy: row.publishedBy,
      editedBy: row.editedBy,
      signedBy: row.signatures.map(({ member }) => member),
      member: actor.member,
      hasPermission: allowsIn(actor, 'grants.decide', row.environment),
      ...deciders.countIn(row.environment),
      deciderSince: deciders.since?.getTime() ?? null,
      soloDelaySeconds: this.soloDelaySeconds,
      // An environment that is gone is as strict as can be.
      rules: approvalRules(row.policy ?? { approval: true, production: true, retentionDays: 90 }),
      environment: row.environment,
      now: this.clock.now(),
    };
  }
}
