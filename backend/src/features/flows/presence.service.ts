import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from '../../platform/actor.js';
import { Changes } from '../../platform/changes.js';
import { Clock } from '../../platform/clock.js';
import { Problem } from '../../platform/problem.js';
import { PresenceRepository, type PresenceRow } from './presence.repository.js';

/** Three beats of a tab. */
const silentMs = 30_000;

/**
 * Who has a flow open, so that two people hear of each other before they change the same thing. It changes nothing of the
 * flow and is forgotten in a moment: the log doesn't hold it.
 */
@Injectable()
export class PresenceService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly presence: PresenceRepository,
    private readonly changes: Changes,
    private readonly clock: Clock,
  ) {}

  /** Takes down where the tab is and gives the others. Throws `flow.unknown`. */
  async tell(
    { workspace, member }: Actor,
    flow: string,
    { tab, step, isHere }: { tab: string; step: string | null; isHere: boolean },
  ): Promise<PresenceRow[]> {
    return await this.dataSource.transaction(async (tx) => {
      if (!(await this.presence.isOfWorkspace(tx, { flow, workspace }))) throw new Problem('flow.unknown');
      const now = this.clock.date();
      await this.presence.removeSilent(tx, workspace, new Date(now.getTime() - silentMs));
      const mine = { flow, workspace, member, tab };
      const isNews = isHere ? await this.presence.put(tx, mine, { step, now }) : await this.presence.remove(tx, mine);
      if (isNews) await this.changes.notify(tx, 'presence', flow);
      return await this.presence.others(tx, mine);
    });
  }
}
