import { Injectable } from '@nestjs/common';
import type { FlowReply } from '@sluice/shared/api';
import { DataSource } from 'typeorm';

export interface LastRun {
  flow: string;
  id: string;
  status: string;
  at: Date;
}
export interface TodayCounts {
  flow: string;
  runs: number;
  failed: number;
  inDoubt: number;
}
export type WhereDeployed = { flow: string } & FlowReply['deployments'][number];

/** What a page of flows shows beside the flows: one query for all of them each. */
@Injectable()
export class FlowActivityRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Active and waiting deployments; a refused one as long as nothing newer came after it. In the order of environments. */
  async deployments(workspace: string, flows: readonly string[]): Promise<WhereDeployed[]> {
    return await this.dataSource.query<WhereDeployed[]>(
      `select d.flow_id as flow, d.environment, d.version, d.status
         from deployment d
         join environment e on e.workspace_id = d.workspace_id and e.name = d.environment
        where d.workspace_id = $1 and d.flow_id = any($2)
          and (d.status in ('active', 'waiting')
            or (d.status = 'refused' and not exists (
                 select 1 from deployment n where n.flow_id = d.flow_id and n.environment = d.environment
                  and (n.created_at, n.id) > (d.created_at, d.id))))
        order by e.position, d.created_at, d.id`,
      [workspace, flows],
    );
  }

  async lastRuns(workspace: string, flows: readonly string[]): Promise<LastRun[]> {
    return await this.dataSource.query<LastRun[]>(
      `select f.id as flow, r.id, r.status, r.started_at as at
         from unnest($2::text[]) f (id)
         cross join lateral (
           select id, status, started_at from run
            where flow_id = f.id and workspace_id = $1 order by started_at desc limit 1) r`,
      [workspace, flows],
    );
  }

  async countsSince(workspace: string, flows: readonly string[], since: Date): Promise<TodayCounts[]> {
    return await this.dataSource.query<TodayCounts[]>(
      `select flow_id as flow, count(*)::int as runs, (count(*) filter (where status = 'failed'))::int as failed,
              (count(*) filter (where status = 'in_doubt'))::int as "inDoubt"
         from run where workspace_id = $1 and flow_id = any($2) and started_at >= $3
        group by flow_id`,
      [workspace, flows, since],
    );
  }
}
