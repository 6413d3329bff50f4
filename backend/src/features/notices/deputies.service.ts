import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Journal } from '../../journal/journal.js';
import type { Actor } from '../../platform/actor.js';
import { Changes } from '../../platform/changes.js';
import { Problem } from '../../platform/problem.js';
import { memberEntry } from '../member-entry.js';

interface Person {
  id: string;
  name: string;
}

/** Members who hear of a flow with its owner: somebody has to, also while that one is away. */
@Injectable()
export class DeputiesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly journal: Journal,
    private readonly changes: Changes,
  ) {}

  /** Throws `flow.unknown`. */
  async list(workspace: string, flow: string): Promise<{ owner: Person; deputies: Person[] }> {
    const [owner] = await this.dataSource.query<Person[]>(
      `select m.id, m.name from flow f join member m on m.id = f.owner_id
       where f.id = $2 and f.workspace_id = $1 and f.removed_at is null`,
      [workspace, flow],
    );
    if (owner === undefined) throw new Problem('flow.unknown');
    const deputies = await this.dataSource.query<Person[]>(
      `select m.id, m.name from flow_deputy d join member m on m.id = d.member_id
       where d.flow_id = $2 and d.workspace_id = $1 order by m.name, m.id`,
      [workspace, flow],
    );
    return { owner, deputies };
  }

  /** Throws `flow.unknown`, `member.unknown`. */
  async set(actor: Actor, flow: string, members: readonly string[]): Promise<{ owner: Person; deputies: Person[] }> {
    const { workspace, member } = actor;
    const { owner } = await this.list(workspace, flow);
    const wanted = [...new Set(members)].filter((id) => id !== owner.id);
    await this.dataSource.transaction(async (tx) => {
      const known = await tx.query<object[]>(
        'select id from member where workspace_id = $1 and id = any($2) and disabled_at is null',
        [workspace, wanted],
      );
      if (known.length < wanted.length) throw new Problem('member.unknown');
      await tx.query('delete from flow_deputy where flow_id = $1 and not member_id = any($2)', [flow, wanted]);
      await tx.query(
        `insert into flow_deputy (flow_id, member_id, workspace_id, added_by) select $1, id, $3, $4 from unnest($2::text[]) id
         on conflict (flow_id, member_id) do nothing`,
        [flow, wanted, workspace, member],
      );
      await this.changes.notify(tx, 'flows', flow);
      const entry = memberEntry(actor, 'flow.deputies_set', {
        subject: { kind: 'flow', id: flow },
        detail: { members: wanted },
      });
      await this.journal.record(tx, [entry]);
    });
    return await this.list(workspace, flow);
  }
}
