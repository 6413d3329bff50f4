import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Journal } from '../../journal/journal.js';
import { Changes } from '../../platform/changes.js';
import { Clock } from '../../platform/clock.js';
import { NoticesService } from '../notices/notices.service.js';
import { GrantsRepository } from './grants.repository.js';

/** How long before its end the owner of a flow hears of a grant, in days; 0 is the end itself. */
const stages = [14, 3, 0];

/** Finds grants that end soon or have ended, and tells of each once a stage. */
@Injectable()
export class EndingsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly grants: GrantsRepository,
    private readonly notices: NoticesService,
    private readonly journal: Journal,
    private readonly changes: Changes,
    private readonly clock: Clock,
  ) {}

  async tell(): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      const endings = await this.grants.takeEndings(tx, stages, this.clock.date());
      for (const { id, workspace, flow, environment, at, daysBefore } of endings) {
        await this.changes.notify(tx, 'grants', id);
        await this.notices.tell(tx, {
          workspace,
          kind: 'grant.ending',
          about: { kind: 'flow', id: flow, flow, environment },
          audience: { flow },
          detail: { at: at.toISOString(), daysBefore },
        });
      }
      const entries = endings.map(({ id, workspace, flow, environment, slot, at, daysBefore }) => ({
        workspace,
        actor: { kind: 'system' as const, id: 'grants' },
        action: daysBefore === 0 ? 'grant.ended' : 'grant.ending',
        subject: { kind: 'grant', id },
        environment,
        detail: { flow, slot, at: at.toISOString(), daysBefore },
      }));
      if (entries.length > 0) await this.journal.record(tx, entries);
    });
  }
}
