import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { NewEntry } from '../../journal/records.js';
import { Clock } from '../../platform/clock.js';
import { NoticesService } from '../notices/notices.service.js';
import { about, ConnectionActsService } from './connection-acts.service.js';
import { ConnectionsRepository } from './connections.repository.js';

/** How long before a date its owner hears of it, in days; 0 is the date itself. */
const stages = [14, 3, 0] as const;

/** Finds what is due for rotation or about to expire, and tells of it once for each date and stage. */
@Injectable()
export class ConnectionWarnings {
  constructor(
    private readonly acts: ConnectionActsService,
    private readonly connections: ConnectionsRepository,
    private readonly notices: NoticesService,
    private readonly clock: Clock,
  ) {}

  async tell(): Promise<void> {
    await this.acts.commit(async (tx) => await this.find(tx));
  }

  private async find(tx: EntityManager): Promise<NewEntry[]> {
    const warnings = await this.connections.takeWarnings(tx, stages, this.clock.date());
    const entries: NewEntry[] = [];
    for (const { id, workspace, environment, name, owner, kind, at, daysBefore } of warnings) {
      await this.notices.tell(tx, {
        workspace,
        kind: 'connection.due',
        about: { kind: 'connection', id, name, environment },
        audience: { members: [owner] },
        detail: { what: kind === 'due' ? 'rotation' : 'end', at: at.toISOString(), daysBefore },
      });
      entries.push({
        workspace,
        actor: { kind: 'system', id: 'keeper' },
        action: kind === 'due' ? 'connection.due' : 'connection.expiring',
        ...about({ id, environment }, { name, owner, at: at.toISOString(), daysBefore }),
      });
    }
    return entries;
  }
}
