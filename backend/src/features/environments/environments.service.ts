import { Injectable } from '@nestjs/common';
import {
  type Environment,
  type EnvironmentPolicy,
  environmentPolicySchema,
  type GivenPolicy,
  isWaiverTooLong,
  looserRules,
  policyOf,
  unmasksProduction,
} from '@sluice/shared/api';
import { DataSource, type EntityManager } from 'typeorm';
import { Journal } from '../../journal/journal.js';
import type { NewEntry } from '../../journal/records.js';
import type { Actor } from '../../platform/actor.js';
import { Changes } from '../../platform/changes.js';
import { Clock } from '../../platform/clock.js';
import { newId } from '../../platform/ids.js';
import { Problem } from '../../platform/problem.js';
import { memberEntry } from '../member-entry.js';
import type { EnvironmentEntity, StoredProposal } from './environment.entity.js';
import { EnvironmentsRepository } from './environments.repository.js';

/** A new workspace's environments: what is at stake grows to the right. */
const initial = [
  { name: 'dev', policy: { approval: false, production: false, retentionDays: 14 } },
  { name: 'staging', policy: { approval: true, production: false, retentionDays: 90 } },
  { name: 'production', policy: { approval: true, production: true, retentionDays: 90 } },
] as const;

/** What becomes of an environment, and the log's line for it. */
export interface PolicyAct {
  policy?: EnvironmentPolicy;
  proposal: StoredProposal | null;
  entry: NewEntry;
}

@Injectable()
export class EnvironmentsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly environments: EnvironmentsRepository,
    private readonly journal: Journal,
    private readonly changes: Changes,
    private readonly clock: Clock,
  ) {}

  async list(workspace: string, tx?: EntityManager): Promise<Environment[]> {
    return (await this.environments.list(workspace, tx)).map((row) => this.toReply(row));
  }

  /** By name, as flows and requests speak of it. */
  async get(workspace: string, name: string): Promise<Environment> {
    const found = await this.environments.findByName(workspace, name);
    if (found === null)
      throw new Problem('environment.unknown', { message: `There is no environment "${name}" in this workspace.` });
    return this.toReply(found);
  }

  async createInitial(tx: EntityManager, workspace: string): Promise<void> {
    await this.environments.insert(
      tx,
      initial.map((environment, position) => ({
        id: newId('environment'),
        workspaceId: workspace,
        position,
        proposal: null,
        ...environment,
      })),
    );
  }

  async create(actor: Actor, body: { name: string; policy: GivenPolicy }): Promise<Environment> {
    return await this.dataSource.transaction(async (tx) => {
      await this.environments.lock(tx, actor.workspace);
      if ((await this.environments.findByName(actor.workspace, body.name, tx)) !== null)
        throw new Problem('environment.exists');
      const position = await this.environments.count(tx, actor.workspace);
      const policy = policyOf(body.policy);
      if (isWaiverTooLong(policy, null, this.clock.now())) throw new Problem('environment.waiver_too_long');
      if (unmasksProduction(policy)) throw new Problem('environment.production_masked');
      const { name } = body;
      const id = newId('environment');
      const environment = { id, workspaceId: actor.workspace, position, name, policy, proposal: null };
      await this.environments.insert(tx, [environment]);
      await this.record(tx, environment, memberEntry(actor, 'environment.created', { detail: { policy } }));
      return this.toReply(environment);
    });
  }

  /** Whoever changes a policy does so one after the other, and the log says so with the change. Throws `environment.unknown`. */
  async changePolicy(
    workspace: string,
    id: string,
    act: (tx: EntityManager, environment: Environment, waits: StoredProposal | null) => Promise<PolicyAct>,
  ): Promise<Environment> {
    return await this.dataSource.transaction(async (tx) => {
      const environment = await this.environments.findLocked(tx, workspace, id);
      if (environment === null) throw new Problem('environment.unknown');
      const {
        policy = environment.policy,
        proposal,
        entry,
      } = await act(tx, this.toReply(environment), environment.proposal);
      await this.assertAfter(tx, environment, proposal === null ? policy : policyOf(policy, proposal.change));
      await this.environments.change(tx, id, { policy, proposal });
      await this.record(tx, environment, entry);
      return this.toReply({ ...environment, policy, proposal });
    });
  }

  /** A version goes on from another environment that is there. */
  private async assertAfter(
    tx: EntityManager,
    { workspaceId, name }: EnvironmentEntity,
    { after }: EnvironmentPolicy,
  ): Promise<void> {
    if (after === undefined) return;
    if (after === name || (await this.environments.findByName(workspaceId, after, tx)) === null) {
      const message = `There is no other environment "${after}" that a version could come from.`;
      throw new Problem('environment.unknown', { message });
    }
  }

  private async record(tx: EntityManager, { id, name }: EnvironmentEntity, entry: NewEntry): Promise<void> {
    await this.changes.notify(tx, 'environments', id);
    await this.journal.record(tx, [{ ...entry, environment: name, subject: { kind: 'environment', id } }]);
  }

  private toReply({ id, name, position, policy: stored, proposal }: EnvironmentEntity): Environment {
    // One that was stored before there was something to choose gets the default.
    const policy = environmentPolicySchema.parse(stored);
    const isOver = proposal !== null && this.clock.now() >= Date.parse(proposal.until);
    if (proposal === null || isOver) return { id, name, position, policy, proposal: null };
    const { change, ...asked } = proposal;
    const then = policyOf(policy, change);
    return { id, name, position, policy, proposal: { ...asked, policy: then, looser: looserRules(policy, then) } };
  }
}
