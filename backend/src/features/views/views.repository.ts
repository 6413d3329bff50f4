import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, Repository } from 'typeorm';
import { SavedViewEntity } from './saved-view.entity.js';

export type SavedView = SavedViewEntity & { makerName: string };

/** Every question asked of saved views. */
@Injectable()
export class ViewsRepository {
  constructor(@InjectRepository(SavedViewEntity) private readonly views: Repository<SavedViewEntity>) {}

  /** A member's own and everybody's, by name. */
  async list(workspace: string, member: string, { id }: { id?: string } = {}): Promise<SavedView[]> {
    const query = this.views
      .createQueryBuilder('view')
      .addSelect('(select m.name from member m where m.id = view.made_by)', 'maker')
      .where('view.workspaceId = :workspace and (view.memberId is null or view.memberId = :member)', {
        workspace,
        member,
      });
    if (id !== undefined) query.andWhere('view.id = :id', { id });
    query.orderBy('view.name').addOrderBy('view.id');
    const { entities, raw } = await query.getRawAndEntities<{ maker: string | null }>();
    return entities.map((entity, i) => Object.assign(entity, { makerName: raw[i]?.maker ?? '' }));
  }

  /** Of one member, or of everybody (null). */
  async count(workspace: string, member: string | null): Promise<number> {
    const query = this.views.createQueryBuilder('view').where('view.workspaceId = :workspace', { workspace });
    return await query.andWhere('view.memberId is not distinct from :member', { member }).getCount();
  }

  /** In place of the one of that name; answers the id that it has. */
  async save(tx: EntityManager, view: Omit<SavedViewEntity, 'madeAt'>): Promise<string> {
    const { id, workspaceId, screen, name, search, memberId, madeBy } = view;
    const rows: { id: string }[] = await tx.query(
      `insert into saved_view (id, workspace_id, screen, name, search, member_id, made_by) values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (workspace_id, screen, coalesce(member_id, ''), name)
       do update set search = excluded.search, made_by = excluded.made_by, made_at = now() returning id`,
      [id, workspaceId, screen, name, search, memberId, madeBy],
    );
    return rows[0]?.id ?? id;
  }

  async remove(tx: EntityManager, id: string): Promise<void> {
    await tx.delete(SavedViewEntity, { id });
  }
}
