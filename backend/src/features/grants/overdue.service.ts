import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { Journal } from '../../journal/journal.js';
import type { NewEntry } from '../../journal/records.js';
import { Changes } from '../../platform/changes.js';
import { Clock } from '../../platform/clock.js';
import { inEachWorkspace } from '../../platform/database/each-workspace.js';
import { Log } from '../../platform/log.js';
import { databasePool } from '../../platform/tokens.js';
import { ActivationService } from '../deployments/activation.service.js';
import { FlowsService } from '../flows/flows.service.js';
import { requestDays } from './decision-rule.js';
import { EndingsService } from './endings.service.js';
import type { GrantEntity } from './grant.entity.js';
import { GrantRequestsService } from './grant-requests.service.js';
import { GrantsRepository } from './grants.repository.js';

const sweepMs = 600_000;
const dayMs = 86_400_000;

/** Ends requests that nobody decided in time, and with them the deployments that wait for them; tells of grants that end. */
@Injectable()
export class OverdueService implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly dataSource: DataSource,
    private readonly flows: FlowsService,
    private readonly grants: GrantsRepository,
    private readonly requests: GrantRequestsService,
    private readonly activation: ActivationService,
    private readonly endings: EndingsService,
    private readonly journal: Journal,
    private readonly changes: Changes,
    private readonly clock: Clock,
    private readonly log: Log,
    @Inject(databasePool) private readonly pool: pg.Pool,
  ) {}

  onApplicationBootstrap(): void {
    const sweep = () =>
      void this.sweep().catch((error: unknown) =>
        this.log.warn('overdue requests could not be ended; it is tried again in ten minutes', { error }),
      );
    this.timer = setInterval(sweep, sweepMs).unref();
    sweep();
  }

  onApplicationShutdown(): void {
    if (this.timer !== null) clearInterval(this.timer);
  }

  async sweep(): Promise<void> {
    await inEachWorkspace(this.pool, async () => {
      await this.endOverdue();
      await this.endings.tell();
    });
  }

  private async endOverdue(): Promise<void> {
    const before = new Date(this.clock.now() - requestDays * dayMs);
    for (const { workspaceId, flowId } of await this.grants.listOverdueFlows(before)) {
      await this.dataSource.transaction(async (tx) => {
        await this.flows.lock(tx, workspaceId, flowId);
        // Read under the lock: of several processes, and of an approver at the last moment, one was first.
        const overdue = await this.grants.listOverdue(tx, { flowId, before });
        for (const grant of overdue) await this.end(tx, grant);
      });
    }
  }

  private async end(tx: EntityManager, grant: GrantEntity): Promise<void> {
    const { id, workspaceId: workspace, flowId: flow, version, environment, deploymentId: deployment } = grant;
    await this.grants.change(tx, id, { status: 'expired' });
    await this.changes.notify(tx, 'grants', id);
    const isRefused = await this.activation.refuse(tx, workspace, deployment);
    if (isRefused) await this.requests.close(tx, workspace, [deployment]);
    const entry = { workspace, actor: { kind: 'system', id: 'grants' }, environment } as const;
    const entries: NewEntry[] = [
      {
        ...entry,
        action: 'grant.request_expired',
        subject: { kind: 'grant', id },
        detail: { flow, version, deployment, slot: grant.slot, days: requestDays },
      },
    ];
    if (isRefused)
      entries.push({
        ...entry,
        action: 'deployment.refused',
        subject: { kind: 'deployment', id: deployment },
        detail: { flow, version },
      });
    await this.journal.record(tx, entries);
  }
}
