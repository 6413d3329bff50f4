import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Journal } from '../../journal/journal.js';
import type { Actor } from '../../platform/actor.js';
import { Clock } from '../../platform/clock.js';
import { switchWorkspace } from '../../platform/database/workspace-pool.js';
import { newId } from '../../platform/ids.js';
import { Problem } from '../../platform/problem.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import { memberEntry } from '../member-entry.js';
import { MembersRepository } from './members.repository.js';
import { SetupLinksService } from './sign-in/setup-links.service.js';

/** Workspaces after the first: nothing crosses from one to another, and a member belongs to one. */
@Injectable()
export class WorkspacesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly members: MembersRepository,
    private readonly environments: EnvironmentsService,
    private readonly links: SetupLinksService,
    private readonly journal: Journal,
    private readonly clock: Clock,
  ) {}

  /** With its environments, and an owner who sets himself up by the link. Throws `member.email_taken`. */
  async create(
    actor: Actor,
    { name, owner }: { name: string; owner: { email: string; name: string } },
  ): Promise<{ id: string; name: string; owner: string; setupUrl: string }> {
    const [id, ownerId] = [newId('workspace'), newId('member')];
    return await this.dataSource.transaction(async (tx) => {
      if ((await this.members.workspaceOfEmail(owner.email, tx)) !== null) throw new Problem('member.email_taken');
      await this.journal.record(tx, [
        memberEntry(actor, 'workspace.made', { subject: { kind: 'workspace', id }, detail: { name } }),
      ]);
      await switchWorkspace(tx, id);
      await this.insert(tx, { id, name, owner: { ...owner, id: ownerId } });
      const setupUrl = await this.links.create(tx, ownerId);
      // Its own part of the log begins with it; who made it, it does not say: nothing crosses from one to the other.
      await this.journal.record(tx, [
        {
          workspace: id,
          actor: { kind: 'system', id: 'workspaces' },
          action: 'workspace.created',
          subject: { kind: 'member', id: ownerId },
          requestId: actor.requestId,
        },
      ]);
      return { id, name, owner: ownerId, setupUrl };
    });
  }

  private async insert(
    tx: EntityManager,
    { id, name, owner }: { id: string; name: string; owner: { id: string; email: string; name: string } },
  ): Promise<void> {
    const createdAt = this.clock.date();
    await this.members.insertWorkspace(tx, { id, name, createdAt });
    await this.environments.createInitial(tx, id);
    await this.members.insert(tx, { ...owner, workspaceId: id, roles: ['owner'], createdAt });
  }
}
