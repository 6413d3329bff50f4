import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

export interface PresenceRow {
  member: { id: string; name: string };
  tab: string;
  step: string | null;
}

/** A tab of a member that has a flow open. */
export interface Tab {
  flow: string;
  workspace: string;
  member: string;
  tab: string;
}

/** Who has which flow open. */
@Injectable()
export class PresenceRepository {
  async isOfWorkspace(tx: EntityManager, { flow, workspace }: Pick<Tab, 'flow' | 'workspace'>): Promise<boolean> {
    const rows = await tx.query<unknown[]>(
      'select from flow where id = $1 and workspace_id = $2 and removed_at is null',
      [flow, workspace],
    );
    return rows.length === 1;
  }

  /** Whether others see something new: the tab was not there, or was at another step. */
  async put(
    tx: EntityManager,
    { flow, workspace, member, tab }: Tab,
    of: { step: string | null; now: Date },
  ): Promise<boolean> {
    const before = await tx.query<{ step: string | null }[]>(
      'select step from flow_presence where flow_id = $1 and member_id = $2 and tab = $3',
      [flow, member, tab],
    );
    await tx.query(
      `insert into flow_presence (flow_id, workspace_id, member_id, tab, step, seen_at) values ($1, $2, $3, $4, $5, $6)
        on conflict (flow_id, member_id, tab) do update set step = excluded.step, seen_at = excluded.seen_at`,
      [flow, workspace, member, tab, of.step, of.now],
    );
    return before[0]?.step !== of.step;
  }

  async remove(tx: EntityManager, { flow, member, tab }: Tab): Promise<boolean> {
    const [, count] = await tx.query<[unknown, number]>(
      'delete from flow_presence where flow_id = $1 and member_id = $2 and tab = $3',
      [flow, member, tab],
    );
    return count > 0;
  }

  async removeSilent(tx: EntityManager, workspace: string, before: Date): Promise<void> {
    await tx.query('delete from flow_presence where workspace_id = $1 and seen_at < $2', [workspace, before]);
  }

  /** The other tabs, by name. */
  async others(tx: EntityManager, { flow, workspace, member, tab }: Tab): Promise<PresenceRow[]> {
    return await tx.query<PresenceRow[]>(
      `select jsonb_build_object('id', m.id, 'name', m.name) as member, p.tab, p.step
         from flow_presence p join member m on m.id = p.member_id
        where p.flow_id = $1 and p.workspace_id = $2 and (p.member_id, p.tab) <> ($3, $4)
        order by m.name, p.tab limit 50`,
      [flow, workspace, member, tab],
    );
  }
}
