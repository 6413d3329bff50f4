import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { Journal } from '../../../journal/journal.js';
import { insertCauses } from '../../../journal/notice-cause.js';
import { Changes, type SqlRunner } from '../../../platform/changes.js';
import { inTransaction } from '../../../platform/database/in-transaction.js';
import { Log } from '../../../platform/log.js';
import { databasePool } from '../../../platform/tokens.js';

/** Tells of what must not happen to the log: in itself, to the operator, and to those who answer for each workspace. */
@Injectable()
export class LogAlarm {
  constructor(
    @Inject(databasePool) private readonly pool: pg.Pool,
    private readonly journal: Journal,
    private readonly changes: Changes,
    private readonly log: Log,
  ) {}

  /** `why` is a sentence that says what was found and what to do. */
  async raise(action: string, why: string): Promise<void> {
    this.log.error('the log raises an alarm', { action, why });
    // By the program's own pool: what the API's sees is of one workspace, and this is of all.
    await inTransaction(this.pool, async (tx) => {
      const actor = { kind: 'system', id: 'sealer' } as const;
      await this.journal.record(tx, [{ workspace: null, actor, action, detail: { why } }]);
      const { rows } = await tx.query<{ id: string }>('select id from workspace');
      await this.tell(tx, { why, workspaces: rows.map(({ id }) => id) });
    }).catch((error: unknown) => this.log.warn('an alarm of the log could not be written', { error }));
  }

  private async tell(
    tx: SqlRunner,
    { why, workspaces }: { why: string; workspaces: readonly string[] },
  ): Promise<void> {
    await insertCauses(
      tx,
      workspaces.map((id) => ({
        workspace: id,
        kind: 'log.alarm',
        about: { kind: 'workspace', id },
        audience: { roles: ['auditor', 'admin', 'owner'] },
        detail: { why },
      })),
    );
    await this.changes.notify(tx, 'notice-causes', '');
  }
}
