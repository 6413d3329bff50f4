import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, IsNull, Repository } from 'typeorm';
import { KillSwitchEntity } from './kill-switch.entity.js';

/** A switch as people see it. */
export interface KillSwitchRow extends Omit<KillSwitchEntity, 'workspaceId'> {
  /** Of a flow, or a connection with its environment; null for what is its own name. */
  targetName: string | null;
  releaserName: string | null;
  askerName: string | null;
  takesTwo: boolean;
}

export type NewKillSwitch = Omit<KillSwitchEntity, 'liftAskedBy' | 'liftAskedAt' | 'releasedBy' | 'releasedAt'>;

export interface KillSwitchFilter {
  id?: string | undefined;
  status?: 'on' | 'released' | undefined;
  cursor?: string | undefined;
  limit: number;
}

/** It holds something in an environment where a second person has to approve. */
const takesTwo = `exists (
  select from environment e where e.workspace_id = k.workspace_id and (e.policy ->> 'approval')::boolean and case k.kind
    when 'environment' then e.name = k.target
    when 'flow' then exists (select from deployment d where d.flow_id = k.target and d.environment = e.name and d.status = 'active')
    else exists (select from connection u where u.workspace_id = k.workspace_id and u.environment = e.name and u.revoked_at is null
      and case k.kind when 'connection' then u.id = k.target when 'connector' then u.connector = k.target
        else exists (select from unnest(u.hosts) h where h = k.target or split_part(h, ':', 1) = k.target or h = split_part(k.target, ':', 1)) end)
  end)`;

@Injectable()
export class KillSwitchesRepository {
  constructor(@InjectRepository(KillSwitchEntity) private readonly switches: Repository<KillSwitchEntity>) {}

  /** Newest first. */
  async list(workspace: string, { id, status, cursor, limit }: KillSwitchFilter): Promise<KillSwitchRow[]> {
    return await this.switches.query<KillSwitchRow[]>(
      `select k.id, k.kind, k.target, k.reason, k.set_by as "setBy", k.set_by_name as "setByName", k.set_at as "setAt", k.released_by as "releasedBy",
              k.released_at as "releasedAt", coalesce(f.name, c.name || ' (' || c.environment || ')') as "targetName", r.name as "releaserName",
              k.lift_asked_by as "liftAskedBy", k.lift_asked_at as "liftAskedAt", a.name as "askerName", ${takesTwo} as "takesTwo"
         from kill_switch k
         left join member r on r.id = k.released_by
         left join member a on a.id = k.lift_asked_by
         left join flow f on k.kind = 'flow' and f.id = k.target
         left join connection c on k.kind = 'connection' and c.id = k.target
        where k.workspace_id = $1 and ($2::text is null or k.id = $2)
          and ($3::text is null or (k.released_at is null) = ($3 = 'on')) and ($4::text is null or k.id < $4)
        order by k.id desc limit $5`,
      [workspace, id ?? null, status ?? null, cursor ?? null, limit],
    );
  }

  /** False when the same is stopped already. */
  async insert(tx: EntityManager, killSwitch: NewKillSwitch): Promise<boolean> {
    const { id, workspaceId, kind, target, reason, setBy, setByName, setAt } = killSwitch;
    const rows = await tx.query<object[]>(
      `insert into kill_switch (id, workspace_id, kind, target, reason, set_by, set_by_name, set_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (workspace_id, kind, target) where released_at is null do nothing returning id`,
      [id, workspaceId, kind, target, reason, setBy, setByName, setAt],
    );
    return rows.length > 0;
  }

  /** Releasing one twice happens one after the other. */
  async lock(tx: EntityManager, workspace: string, id: string): Promise<KillSwitchEntity | null> {
    return await tx
      .getRepository(KillSwitchEntity)
      .findOne({ where: { workspaceId: workspace, id }, lock: { mode: 'pessimistic_write' } });
  }

  /** What it stops, as people call it. */
  async nameOf(tx: EntityManager, id: string): Promise<string> {
    const [row] = await tx.query<{ name: string }[]>(
      `select coalesce(f.name, c.name || ' (' || c.environment || ')', k.target) as name from kill_switch k
         left join flow f on k.kind = 'flow' and f.id = k.target
         left join connection c on k.kind = 'connection' and c.id = k.target where k.id = $1`,
      [id],
    );
    return row?.name ?? '';
  }

  async takesTwo(tx: EntityManager, id: string): Promise<boolean> {
    const [row] = await tx.query<{ two: boolean }[]>(`select ${takesTwo} as two from kill_switch k where k.id = $1`, [
      id,
    ]);
    return row?.two === true;
  }

  async askLift(tx: EntityManager, id: string, { by, at }: { by: string; at: Date }): Promise<void> {
    await tx.getRepository(KillSwitchEntity).update({ id }, { liftAskedBy: by, liftAskedAt: at });
  }

  async release(tx: EntityManager, id: string, { by, at }: { by: string; at: Date }): Promise<void> {
    await tx.getRepository(KillSwitchEntity).update({ id, releasedAt: IsNull() }, { releasedBy: by, releasedAt: at });
  }
}
