import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { StartProblem } from '../../../config/start-problem.js';
import { Journal } from '../../../journal/journal.js';
import { Clock } from '../../../platform/clock.js';
import { switchWorkspace } from '../../../platform/database/workspace-pool.js';
import { newId } from '../../../platform/ids.js';
import { Problem } from '../../../platform/problem.js';
import { enterWorkspace } from '../../../platform/workspace-scope.js';
import { EnvironmentsService } from '../../environments/environments.service.js';
import { MembersRepository } from '../members.repository.js';
import { checkPassword, hashPassword } from './passwords.js';
import { SealedTotp } from './sealed-totp.js';
import { SetupLinksService, tokenHash } from './setup-links.service.js';

interface NewPerson {
  email?: string | undefined;
  name?: string | undefined;
  password: string;
}

/** The first owner and invited members: from a one-time link, or from the environment for unattended set-up. */
@Injectable()
export class SetupService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly members: MembersRepository,
    private readonly environments: EnvironmentsService,
    private readonly links: SetupLinksService,
    private readonly sealed: SealedTotp,
    private readonly journal: Journal,
    private readonly clock: Clock,
  ) {}

  async isNeeded(): Promise<boolean> {
    return await this.members.isEmpty();
  }

  /** Spends a link: name and password are set, the second factor is still to come. Answers the member's id. */
  async useLink(token: string, person: NewPerson, requestId: string): Promise<string> {
    enterWorkspace(await this.members.workspaceOfLink(tokenHash(token)));
    return await this.dataSource.transaction(async (tx) => {
      const link = await this.links.spend(tx, token);
      if (link === null) throw new Problem('auth.setup_link_invalid');
      if (link.memberId === null) return await this.createFirstOwner(tx, person, requestId);
      const member = await this.members.findById(link.memberId, tx);
      if (member === null || member.disabledAt !== null) throw new Problem('auth.setup_link_invalid');
      const name = person.name ?? member.name;
      assertGoodPassword(person.password, { email: member.email, name });
      await this.members.update(tx, member.id, { name, passwordHash: await hashPassword(person.password) });
      await this.record(tx, { workspace: member.workspaceId, id: member.id, name, action: 'member.set_up', requestId });
      return member.id;
    });
  }

  /** Unattended: the owner that the variables name, while no member exists. With a seed, the factor is enrolled too. */
  async createFromVariables(admin: { email: string; password: string; totpSecret: string | null }): Promise<void> {
    const issues = checkPassword(admin.password, { email: admin.email, name: 'Owner' });
    if (issues.length > 0)
      throw new StartProblem(`SLUICE_ADMIN_PASSWORD can't be used: ${issues.map(({ message }) => message).join(' ')}`);
    await this.dataSource.transaction(async (tx) => {
      await this.createFirstOwner(tx, { ...admin, email: admin.email.toLowerCase() }, 'start');
    });
  }

  private async createFirstOwner(
    tx: EntityManager,
    person: NewPerson & { totpSecret?: string | null },
    requestId: string,
  ): Promise<string> {
    await tx.query('select pg_advisory_xact_lock(7310002)');
    if (!(await this.members.isEmpty(tx))) throw new Problem('auth.setup_link_invalid');
    const { email, name = 'Owner', totpSecret = null } = person;
    if (email === undefined)
      throw new Problem('request.invalid', {
        issues: [{ path: 'email', message: 'The first owner needs an e-mail address.' }],
      });
    assertGoodPassword(person.password, { email, name });
    const workspaceId = newId('workspace');
    const id = newId('member');
    await switchWorkspace(tx, workspaceId);
    await this.members.insertWorkspace(tx, { id: workspaceId, name: 'Workspace', createdAt: this.clock.date() });
    await this.environments.createInitial(tx, workspaceId);
    await this.members.insert(tx, {
      id,
      workspaceId,
      email,
      name,
      roles: ['owner'],
      passwordHash: await hashPassword(person.password),
      ...(totpSecret === null
        ? {}
        : {
            totpSealed: await this.sealed.seal({ id, workspaceId }, 'totp_sealed', totpSecret),
            totpEnrolledAt: this.clock.date(),
          }),
    });
    await this.record(tx, { workspace: workspaceId, id, name, action: 'workspace.created', requestId });
    return id;
  }

  private async record(
    tx: EntityManager,
    {
      workspace,
      id,
      name,
      action,
      requestId,
    }: { workspace: string; id: string; name: string; action: string; requestId: string },
  ): Promise<void> {
    await this.journal.record(tx, [
      { workspace, actor: { kind: 'member', id, name }, action, subject: { kind: 'member', id }, requestId },
    ]);
  }
}

function assertGoodPassword(password: string, about: { email: string; name: string }): void {
  const issues = checkPassword(password, about);
  if (issues.length > 0) throw new Problem('auth.weak_password', { issues });
}
