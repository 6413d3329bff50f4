import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable } from '@nestjs/common';
import {
  approvalRules,
  type Environment,
  type GivenPolicy,
  isWaiverTooLong,
  looserRules,
  policyOf,
  rolesWith,
  unmasksProduction,
} from '@sluice/shared/api';
import type { EntityManager } from 'typeorm';
import { type Actor, assertMay } from '../../platform/actor.js';
import { Clock } from '../../platform/clock.js';
import { newId } from '../../platform/ids.js';
import { Problem } from '../../platform/problem.js';
import { soloApprovalDelay } from '../../platform/tokens.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import { memberEntry } from '../member-entry.js';
import { MembersService } from '../members/members.service.js';
import { NoticesService } from '../notices/notices.service.js';
import { decideBefore, soloFrom, whyNotDecide } from './decision-rule.js';

type Proposal = NonNullable<Environment['proposal']>;

/** Changes of an environment's policy: a firmer one is one person's, a looser one takes as many as a grant there. */
@Injectable()
export class PoliciesService {
  constructor(
    private readonly environments: EnvironmentsService,
    private readonly members: MembersService,
    private readonly notices: NoticesService,
    private readonly clock: Clock,
    @Inject(soloApprovalDelay) private readonly soloDelaySeconds: number,
  ) {}

  /** In force at once, or, where it loosens something, proposed. Throws `environment.proposal_waits`, `environment.waiver_too_long`, `environment.production_masked`. */
  async set(actor: Actor, id: string, given: GivenPolicy): Promise<Environment> {
    return await this.environments.changePolicy(actor.workspace, id, async (tx, environment, waits) => {
      assertMay(actor, 'policies.manage', environment.name);
      const { policy: before } = environment;
      const policy = policyOf(before, given);
      if (isWaiverTooLong(policy, before, this.clock.now())) throw new Problem('environment.waiver_too_long');
      if (unmasksProduction(policy)) throw new Problem('environment.production_masked');
      const looser = looserRules(before, policy);
      if (looser.length === 0) {
        const entry = memberEntry(actor, 'environment.policy_changed', { detail: { before, policy } });
        return { policy, proposal: waits, entry };
      }
      if (environment.proposal !== null) throw new Problem('environment.proposal_waits');
      const requestedAt = this.clock.now();
      const proposal = {
        id: newId('policyChange'),
        // What stays as it is now is not asked for: somebody may make it firmer meanwhile.
        change: Object.fromEntries(
          Object.entries(given).filter(([rule, to]) => !isDeepStrictEqual(to ?? undefined, Reflect.get(before, rule))),
        ),
        by: { id: actor.member, name: actor.name },
        at: new Date(requestedAt).toISOString(),
        aloneFrom: new Date(soloFrom({ requestedAt, soloDelaySeconds: this.soloDelaySeconds })).toISOString(),
        until: new Date(decideBefore(requestedAt)).toISOString(),
      };
      await this.tell(tx, actor, { environment, kind: 'policy.asked', roles: rolesWith('grants.decide') });
      const detail = { proposal: proposal.id, looser, before, policy };
      return { proposal, entry: memberEntry(actor, 'environment.policy_proposed', { detail }) };
    });
  }

  /** By somebody who could decide a grant there that the proposer asked for. */
  async confirm(actor: Actor, id: string, proposal: string): Promise<Environment> {
    // Before the transaction: one that waits for a second connection can starve the pool.
    const deciders = await this.members.deciders(actor.workspace, actor.member);
    return await this.environments.changePolicy(actor.workspace, id, async (tx, environment) => {
      const asked = this.askedIn(actor, environment, proposal);
      const { name, policy: before } = environment;
      const why = whyNotDecide({
        status: 'pending',
        requestedBy: asked.by.id,
        requestedAt: Date.parse(asked.at),
        publishedBy: asked.by.id,
        editedBy: null,
        signedBy: [],
        member: actor.member,
        hasPermission: true,
        ...deciders.countIn(name),
        deciderSince: deciders.since?.getTime() ?? null,
        soloDelaySeconds: this.soloDelaySeconds,
        // Where one may approve what he asked for, nobody loosens more by himself for that.
        rules: { ...approvalRules(before), fourEyes: true },
        environment: name,
        now: this.clock.now(),
      });
      if (why !== null) throw new Problem(why.code, { message: why.message });
      const { policy, looser, by } = asked;
      await this.tell(tx, actor, { environment, kind: 'policy.loosened', roles: rolesWith('policies.manage') });
      const detail = { proposal, askedBy: by.id, looser, before, policy };
      return { policy, proposal: null, entry: memberEntry(actor, 'environment.policy_changed', { detail }) };
    });
  }

  /** By whoever could confirm it; of one's own it is a withdrawal. */
  async refuse(
    actor: Actor,
    id: string,
    { proposal, reason }: { proposal: string; reason: string },
  ): Promise<Environment> {
    return await this.environments.changePolicy(actor.workspace, id, async (_tx, environment) => {
      const { by, looser } = this.askedIn(actor, environment, proposal);
      const action = by.id === actor.member ? 'environment.policy_withdrawn' : 'environment.policy_refused';
      const detail = { proposal, askedBy: by.id, looser, reason };
      return { proposal: null, entry: memberEntry(actor, action, { detail }) };
    });
  }

  /** Throws `access.denied`, or `environment.no_proposal` when it waits no more. */
  private askedIn(actor: Actor, { name, proposal }: Environment, id: string): Proposal {
    assertMay(actor, 'grants.decide', name);
    if (proposal === null || proposal.id !== id) throw new Problem('environment.no_proposal');
    return proposal;
  }

  private async tell(
    tx: EntityManager,
    actor: Actor,
    told: {
      environment: Environment;
      kind: 'policy.asked' | 'policy.loosened';
      roles: ReturnType<typeof rolesWith>;
    },
  ): Promise<void> {
    const { id, name } = told.environment;
    await this.notices.tell(tx, {
      workspace: actor.workspace,
      kind: told.kind,
      about: { kind: 'environment', id, name, environment: name },
      audience: { roles: told.roles, except: actor.member },
      detail: { by: actor.name },
    });
  }
}
