import { Inject, Injectable } from '@nestjs/common';
import type { Reply, storageApi } from '@sluice/shared/api';
import { DataSource } from 'typeorm';
import { quotaOf, stateOf, type Quota } from '../../journal/quota.js';
import { storageQuota } from '../../platform/tokens.js';

/** How much a workspace has stored; counted by the journal, a few seconds behind. */
@Injectable()
export class StorageService {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(storageQuota) private readonly quota: Quota,
  ) {}

  async get(workspace: string): Promise<Reply<typeof storageApi.get>> {
    const rows = await this.dataSource.query<{ days: number; bytes: number }[]>(
      `select keep_days as days, sum(bytes)::float8 as bytes from stored_bytes where workspace_id = $1
       group by keep_days order by keep_days`,
      [workspace],
    );
    const used = rows.reduce((sum, { bytes }) => sum + bytes, 0);
    const quota = quotaOf(this.quota, workspace);
    return {
      used,
      quota,
      state: stateOf(used, quota),
      kept: rows.filter(({ days }) => days > 0),
      log: rows.find(({ days }) => days === 0)?.bytes ?? 0,
    };
  }
}
