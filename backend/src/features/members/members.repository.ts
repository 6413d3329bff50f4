import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EnvironmentRole, Role } from '@sluice/shared/api';
import { type EntityManager, IsNull, Not, Repository } from 'typeorm';
import type { Counted } from './held-lately.js';
import { MemberEntity } from './member.entity.js';
import { WorkspaceEntity } from './workspace.entity.js';

/** What the guard needs to know of a member. */
export interface MemberBehind {
  id: string;
  workspace: string;
  name: string;
  roles: Role[];
  environmentRoles: Record<string, EnvironmentRole[]>;
}

type Active = Pick<MemberEntity, 'id' | 'name' | 'roles' | 'environmentRoles'>;

/** Every question asked of the member and workspace tables. */
@Injectable()
export class MembersRepository {
  constructor(
    @InjectRepository(MemberEntity) private readonly members: Repository<MemberEntity>,
    @InjectRepository(WorkspaceEntity) private readonly workspaces: Repository<WorkspaceEntity>,
  ) {}

  async isEmpty(tx?: EntityManager): Promise<boolean> {
    const [row] = await this.ask<{ has: boolean }>(tx, 'select has_members() as has', []);
    return row?.has !== true;
  }

  /** Who is behind a session, whatever their workspace: null for somebody switched off or without a second factor. */
  async behind(id: string): Promise<MemberBehind | null> {
    const [row] = await this.ask<MemberBehind>(
      undefined,
      `select id, workspace_id as workspace, name, roles, environment_roles as "environmentRoles" from member_behind($1) where may_enter`,
      [id],
    );
    return row ?? null;
  }

  /** The workspace that a member is in; null for nobody. */
  async workspaceOf(id: string): Promise<string | null> {
    return await this.workspaceBy('select workspace_of_member($1) as workspace', id);
  }

  /** Of all workspaces: an e-mail address signs in to one. */
  async workspaceOfEmail(email: string, tx?: EntityManager): Promise<string | null> {
    return await this.workspaceBy('select workspace_of_email($1) as workspace', email, tx);
  }

  /** That of the member whom a set-up link is for. */
  async workspaceOfLink(hash: string): Promise<string | null> {
    return await this.workspaceBy('select workspace_of_link($1) as workspace', hash);
  }

  private async workspaceBy(text: string, value: string, tx?: EntityManager): Promise<string | null> {
    const [row] = await this.ask<{ workspace: string | null }>(tx, text, [value]);
    return row?.workspace ?? null;
  }

  private async ask<Row>(tx: EntityManager | undefined, text: string, values: unknown[]): Promise<Row[]> {
    return await (tx ?? this.members.manager).query<Row[]>(text, values);
  }

  /** By id alone: only for a session's or link's own member. */
  async findById(id: string, tx?: EntityManager): Promise<MemberEntity | null> {
    return await this.in(tx).findOneBy({ id });
  }

  async find(workspace: string, id: string, tx?: EntityManager): Promise<MemberEntity | null> {
    return await this.in(tx).findOneBy({ id, workspaceId: workspace });
  }

  async findByEmail(email: string, tx?: EntityManager): Promise<MemberEntity | null> {
    return await this.in(tx).findOne({ where: { email }, order: { createdAt: 'ASC' } });
  }

  async list(workspace: string, after: string | null, limit: number): Promise<MemberEntity[]> {
    const query = this.members.createQueryBuilder('member').where('member.workspaceId = :workspace', { workspace });
    if (after !== null) query.andWhere('member.id > :after', { after });
    return await query.orderBy('member.id').limit(limit).getMany();
  }

  async insert(tx: EntityManager, member: Partial<MemberEntity>): Promise<void> {
    await this.in(tx).insert(member);
  }

  async update(tx: EntityManager, id: string, change: Partial<MemberEntity>): Promise<void> {
    await this.in(tx).update({ id }, change);
  }

  /** True for the one request that spends this time step; two at once can't both win. */
  async spendTimeStep(tx: EntityManager, id: string, step: number): Promise<boolean> {
    const result = await this.in(tx)
      .createQueryBuilder()
      .update()
      .set({ totpLastStep: String(step), wrongCodes: 0 })
      .where('id = :id and (totp_last_step is null or totp_last_step < :step)', { id, step })
      .execute();
    return result.affected === 1;
  }

  async countWrongCode(id: string): Promise<number> {
    const result: unknown = await this.members.query(
      'update member set wrong_codes = wrong_codes + 1 where id = $1 returning wrong_codes',
      [id],
    );
    const rows = Array.isArray(result) && Array.isArray(result[0]) ? result[0] : result;
    return Array.isArray(rows) ? Number(rows[0]?.wrong_codes ?? 0) : 0;
  }

  /** Who can act today: in no order, and with what they hold. */
  async listActive(workspace: string, tx?: EntityManager): Promise<Active[]> {
    return await this.in(tx).find({
      select: { id: true, name: true, roles: true, environmentRoles: true },
      where: { workspaceId: workspace, disabledAt: IsNull(), totpEnrolledAt: Not(IsNull()) },
    });
  }

  /** Who could act once, with what they hold and held lately. */
  async listCounted(workspace: string): Promise<Counted[]> {
    return await this.members.find({
      select: { id: true, roles: true, environmentRoles: true, disabledAt: true, heldLately: true },
      where: { workspaceId: workspace, totpEnrolledAt: Not(IsNull()) },
    });
  }

  /** Who changes the members of a workspace does so one after the other: two who decide at once would not see each other. */
  async lock(tx: EntityManager, workspace: string): Promise<void> {
    await tx.query('select id from workspace where id = $1 for no key update', [workspace]);
  }

  async endSessions(tx: EntityManager, id: string): Promise<void> {
    await tx.query(`delete from session where member_id = $1 or sess ->> 'pendingMemberId' = $1`, [id]);
  }

  async workspace(id: string, tx?: EntityManager): Promise<WorkspaceEntity> {
    const repository = tx === undefined ? this.workspaces : tx.getRepository(WorkspaceEntity);
    return await repository.findOneByOrFail({ id });
  }

  async insertWorkspace(tx: EntityManager, workspace: WorkspaceEntity): Promise<void> {
    await tx.getRepository(WorkspaceEntity).insert(workspace);
  }

  private in(tx: EntityManager | undefined): Repository<MemberEntity> {
    return tx === undefined ? this.members : tx.getRepository(MemberEntity);
  }
}
