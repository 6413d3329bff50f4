import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

export interface StoredAsk {
  run: string;
  /** Key of the step. */
  step: string;
  flow: string;
  environment: string;
  /** Roles, with commas between them. */
  deciders: string;
  question: Buffer | null;
  askedAt: Date;
  until: Date;
}

const columns = `a.run_id as run, a.step_key as step, a.flow_id as flow, a.environment, a.deciders, a.question,
  a.asked_at as "askedAt", a.until`;

@Injectable()
export class AsksRepository {
  constructor(private readonly database: DataSource) {}

  /** What one run asks people now. */
  async ofRun(run: string): Promise<StoredAsk[]> {
    return await this.database.query(
      `select ${columns} from ask a where a.run_id = $1 and a.kind = 'approval' and a.answered_at is null`,
      [run],
    );
  }

  /** What all runs of a workspace ask people now, oldest first. */
  async open(
    workspace: string,
    { after, limit }: { after: { at: Date; id: string } | null; limit: number },
  ): Promise<StoredAsk[]> {
    return await this.database.query(
      `select ${columns} from ask a join run r on r.id = a.run_id
       where a.workspace_id = $1 and a.kind = 'approval' and a.answered_at is null and a.until > clock_timestamp()
         and r.ended_at is null and ($2::timestamptz is null or (a.asked_at, a.run_id) > ($2, $3))
       order by a.asked_at, a.run_id limit $4`,
      [workspace, after?.at ?? null, after?.id ?? null, limit],
    );
  }
}
