import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { rowsOf } from '../../journal/rows.js';

const rowSchema = z.object({
  environment: z.string(),
  step_id: z.string(),
  looked_at: z.date().nullable(),
  due_at: z.date(),
  trouble: z.object({ code: z.string(), message: z.string(), since: z.number(), times: z.int() }).nullable(),
});

// Of what runs now: a version before may have looked elsewhere.
const listActive = `
select p.environment, p.step_id, p.looked_at, p.due_at, p.trouble from poll p
join environment e on e.workspace_id = p.workspace_id and e.name = p.environment
join deployment d on d.flow_id = p.flow_id and d.environment = p.environment and d.status = 'active'
join flow_version v on v.flow_id = d.flow_id and v.version = d.version
where p.workspace_id = $1 and p.flow_id = $2 and exists (
  select from jsonb_array_elements(v.document::jsonb -> 'steps') s
  where s ->> 'kind' = 'trigger' and s ->> 'id' = p.step_id)
order by e.position, p.id`;

@Injectable()
export class PollsRepository {
  constructor(private readonly dataSource: DataSource) {}

  async list(workspace: string, flow: string): Promise<z.output<typeof rowSchema>[]> {
    return rowsOf(await this.dataSource.query(listActive, [workspace, flow])).map((row) => rowSchema.parse(row));
  }
}
