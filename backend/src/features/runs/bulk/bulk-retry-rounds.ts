import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { inEachWorkspace } from '../../../platform/database/each-workspace.js';
import { Log } from '../../../platform/log.js';
import { Rounds } from '../../../platform/rounds.js';
import { databasePool } from '../../../platform/tokens.js';
import { BulkRetryService } from './bulk-retry.service.js';

/** Carries retries of many runs on, in every process that serves the API; each is carried by one at a time. */
@Injectable()
export class BulkRetryRounds extends Rounds {
  constructor(
    @Inject(databasePool) private readonly pool: pg.Pool,
    private readonly retries: BulkRetryService,
    log: Log,
  ) {
    super(log, 'retries of many runs wait for the next round');
  }

  /** Some runs of each workspace: one with very many, or with trouble, holds up no other. False when nobody has more. */
  protected async carry(): Promise<boolean> {
    const due = `select distinct workspace_id as id from bulk_retry where status = 'running' order by id`;
    const more: boolean[] = [];
    await inEachWorkspace({ query: async () => await this.pool.query<{ id: string }>(due) }, async () => {
      if (this.isOver) return;
      try {
        more.push(await this.retries.carry());
      } catch (error) {
        this.log.warn('a retry of many runs waits for the next round', { error });
      }
    });
    return more.includes(true);
  }
}
