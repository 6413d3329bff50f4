import { Injectable } from '@nestjs/common';
import { insertCauses, type NoticeCause } from '../../journal/notice-cause.js';
import { Changes, type SqlRunner } from '../../platform/changes.js';
import { Clock } from '../../platform/clock.js';

/** Tells members of what concerns them. */
@Injectable()
export class NoticesService {
  constructor(
    private readonly changes: Changes,
    private readonly clock: Clock,
  ) {}

  /**
   * Tells of something in the transaction that does it: members hear of it once that is committed, and only then. What
   * is told again within the hour is counted, and reaches them as one digest.
   */
  async tell(tx: SqlRunner, cause: Omit<NoticeCause, 'at'>): Promise<void> {
    await insertCauses(tx, [{ ...cause, at: this.clock.now() }]);
    await this.changes.notify(tx, 'notice-causes', cause.workspace);
  }
}
