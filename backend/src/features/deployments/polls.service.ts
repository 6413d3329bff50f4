import { Injectable } from '@nestjs/common';
import type { PollState } from '@sluice/shared/api';
import { FlowsService } from '../flows/flows.service.js';
import { PollsRepository } from './polls.repository.js';

@Injectable()
export class PollsService {
  constructor(
    private readonly flows: FlowsService,
    private readonly polls: PollsRepository,
  ) {}

  /** Throws `flow.unknown`. */
  async list(workspace: string, flow: string): Promise<PollState[]> {
    await this.flows.assertKnown(workspace, flow);
    const rows = await this.polls.list(workspace, flow);
    return rows.map(({ environment, step_id: step, looked_at, due_at, trouble }) => ({
      environment,
      step,
      lookedAt: looked_at?.toISOString() ?? null,
      nextAt: due_at.toISOString(),
      trouble: trouble === null ? null : { ...trouble, since: new Date(trouble.since).toISOString() },
    }));
  }
}
