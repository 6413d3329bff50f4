import { Injectable } from '@nestjs/common';
import { type Environment, environmentPolicySchema, type environmentsApi } from '@sluice/shared/api';
import { DataSource, type EntityManager } from 'typeorm';
import { Journal } from '../../journal/journal.js';
import type { NewEntry } from '../../journal/records.js';
import type { Actor } from '../../platform/actor.js';
import { Changes } from '../../platform/changes.js';
import { newId } from '../../platform/ids.js';
import type { Asked } from '../../platform/http/route.js';
import { Problem } from '../../platform/problem.js';
import { memberEntry } from '../member-entry.js';
import type { EnvironmentEntity } from './environment.entity.js';
import { EnvironmentsRepository } from './environments.repository.js';

/** A new workspace's environments: what is at stake grows to the right. */
const initial = [
  { name: 'dev', policy: { approval: false, production: false, retentionDays: 14 } },
  { name: 'staging', policy: { approval: true, production: false, retentionDays: 90 } },
  { name: 'production', policy: { approval: true, production: true, retentionDays: 90 } },
] as const;

type GivenPolicy = Asked<typeof environmentsApi.update>['body']['policy'];

@Injectable()
export class EnvironmentsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly environments: EnvironmentsRepository,
    private readonly journal: Journal,
    private readonly changes: Changes,
  ) {}

  async list(workspace: string): Promise<Environment[]> {
    return (await this.environments.list(workspace)).map(toReply);
  }

  /** By name, as flows and requests speak of it. */
  async get(workspace: string, name: string): Promise<Environment> {
    const found = await this.environments.findByName(workspace, name);
    if (found === null)
      throw new Problem('environment.unknown', { message: `There is no environment "${name}" in this workspace.` });
    return toReply(found);
  }

  async createInitial(tx: EntityManager, workspace: string): Promise<void> {
    await this.environments.insert(
      tx,
      initial.map((environment, position) => ({
        id: newId('environment'),
        workspaceId: workspace,
        position,
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
      const environment = { id: newId('environment'), workspaceId: actor.workspace, position, name: body.name, policy };
      await this.environments.insert(tx, [environment]);
      await this.record(tx, environment, memberEntry(actor, 'environment.created'));
      return toReply(environment);
    });
  }

  async setPolicy(actor: Actor, id: string, given: GivenPolicy): Promise<Environment> {
    return await this.dataSource.transaction(async (tx) => {
      const environment = await this.environments.find(tx, actor.workspace, id);
      if (environment === null) throw new Problem('environment.unknown');
      const policy = policyOf({ ...environment.policy, ...given });
      await this.environments.setPolicy(tx, id, policy);
      await this.record(tx, { ...environment, policy }, memberEntry(actor, 'environment.policy_changed'));
      return toReply({ ...environment, policy });
    });
  }

  private async record(tx: EntityManager, environment: EnvironmentEntity, entry: NewEntry): Promise<void> {
    await this.changes.notify(tx, 'environments', environment.id);
    await this.journal.record(tx, [
      {
        ...entry,
        environment: environment.name,
        subject: { kind: 'environment', id: environment.id },
        detail: { policy: environment.policy },
      },
    ]);
  }
}

/** Limits that are given as none are taken away. */
function policyOf({ flowLimits, ...rest }: GivenPolicy): Environment['policy'] {
  return environmentPolicySchema.parse(flowLimits == null ? rest : { ...rest, flowLimits });
}

function toReply({ id, name, position, policy }: EnvironmentEntity): Environment {
  // One that was stored before there was something to choose gets the default.
  return { id, name, position, policy: environmentPolicySchema.parse(policy) };
}
