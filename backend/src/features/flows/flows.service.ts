import { Injectable } from '@nestjs/common';
import type { FlowReply } from '@sluice/shared/api';
import { emptyDocument } from '@sluice/shared/flow';
import type { Json } from '@sluice/shared/lib';
import { DataSource, type EntityManager } from 'typeorm';
import { Journal } from '../../journal/journal.js';
import type { NewEntry } from '../../journal/records.js';
import { type Actor, assertMayEverywhere } from '../../platform/actor.js';
import { Changes } from '../../platform/changes.js';
import { Clock } from '../../platform/clock.js';
import { newId } from '../../platform/ids.js';
import { Problem } from '../../platform/problem.js';
import { ActivationService } from '../deployments/activation.service.js';
import { GrantRequestsService } from '../grants/grant-requests.service.js';
import { memberEntry } from '../member-entry.js';
import { BoundariesService } from './boundaries.service.js';
import { acceptDraft, hashOf } from './draft-document.js';
import { DraftSummaries } from './draft-summaries.js';
import { FlowActivityRepository } from './flow-activity.repository.js';
import { type FlowRow, FlowsRepository } from './flows.repository.js';

@Injectable()
export class FlowsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly flows: FlowsRepository,
    private readonly boundaries: BoundariesService,
    private readonly activity: FlowActivityRepository,
    private readonly summaries: DraftSummaries,
    private readonly activation: ActivationService,
    private readonly requests: GrantRequestsService,
    private readonly journal: Journal,
    private readonly changes: Changes,
    private readonly clock: Clock,
  ) {}

  async list(
    workspace: string,
    filter: { q?: string | undefined; cursor?: string | undefined; limit: number },
  ): Promise<FlowReply[]> {
    return await this.describe(workspace, await this.flows.list(workspace, filter));
  }

  async get(workspace: string, id: string): Promise<FlowReply> {
    const [flow] = await this.describe(workspace, await this.flows.list(workspace, { id, limit: 1 }));
    if (flow === undefined) throw new Problem('flow.unknown');
    return flow;
  }

  async names(workspace: string): Promise<ReadonlyMap<string, string>> {
    return new Map((await this.flows.names(workspace)).map(({ id, name }) => [id, name]));
  }

  /** Throws `flow.unknown`. */
  async assertKnown(workspace: string, id: string): Promise<void> {
    if ((await this.flows.list(workspace, { id, limit: 1 })).length === 0) throw new Problem('flow.unknown');
  }

  async create(actor: Actor, body: { name: string; document?: Json | undefined }): Promise<FlowReply> {
    const around = await this.boundaries.withCatalogue(actor.workspace);
    const draft = body.document === undefined ? emptyDocument() : acceptDraft(body.document, around).document;
    const now = this.clock.date();
    const id = newId('flow');
    await this.dataSource.transaction(async (tx) => {
      await this.flows.insert(tx, {
        id,
        workspaceId: actor.workspace,
        name: body.name,
        ownerId: actor.member,
        draft,
        revision: 0,
        createdAt: now,
        updatedAt: now,
      });
      await this.record(
        tx,
        id,
        memberEntry(actor, 'flow.created', {
          subject: { kind: 'flow', id },
          detail: { name: body.name, hash: hashOf(draft) },
        }),
      );
    });
    return await this.get(actor.workspace, id);
  }

  async rename(actor: Actor, id: string, name: string): Promise<FlowReply> {
    await this.dataSource.transaction(async (tx) => {
      await this.lock(tx, actor.workspace, id);
      await this.flows.change(tx, id, { name, updatedAt: this.clock.date() });
      await this.record(
        tx,
        id,
        memberEntry(actor, 'flow.renamed', { subject: { kind: 'flow', id }, detail: { name } }),
      );
    });
    return await this.get(actor.workspace, id);
  }

  /** Its deployments and grants end; versions, runs and the log stay. */
  async remove(actor: Actor, id: string): Promise<void> {
    assertMayEverywhere(actor, 'flows.edit');
    await this.dataSource.transaction(async (tx) => {
      await this.lock(tx, actor.workspace, id);
      await this.flows.change(tx, id, { removedAt: this.clock.date() });
      const ended = await this.activation.retire(tx, actor.workspace, id);
      await this.requests.endAll(tx, actor.workspace, id);
      await this.record(
        tx,
        id,
        memberEntry(actor, 'flow.removed', { subject: { kind: 'flow', id }, detail: { deployments: ended } }),
      );
    });
  }

  /** Throws `flow.unknown`. Whoever publishes, deploys or decides about a flow holds its lock until the transaction ends. */
  async lock(tx: EntityManager, workspace: string, id: string): Promise<void> {
    if (!(await this.flows.lock(tx, workspace, id))) throw new Problem('flow.unknown');
  }

  private async describe(workspace: string, rows: readonly FlowRow[]): Promise<FlowReply[]> {
    const ids = rows.map(({ id }) => id);
    const midnight = new Date(Math.floor(this.clock.now() / 86_400_000) * 86_400_000);
    const [summaries, deployments, lastRuns, counts] = await Promise.all([
      this.summaries.of(workspace, rows),
      this.activity.deployments(workspace, ids),
      this.activity.lastRuns(workspace, ids),
      this.activity.countsSince(workspace, ids, midnight),
    ]);
    const deploymentsOf = Map.groupBy(deployments, ({ flow }) => flow);
    const lastOf = new Map(lastRuns.map((run) => [run.flow, run]));
    const countsOf = new Map(counts.map((count) => [count.flow, count]));
    return rows.map((row) => {
      const summary = summaries.get(row.id);
      const last = lastOf.get(row.id);
      return {
        id: row.id,
        name: row.name,
        revision: row.revision,
        owner: { id: row.ownerId, name: row.ownerName },
        createdAt: row.createdAt.toISOString(),
        updatedAt: row.updatedAt.toISOString(),
        latestVersion: row.latestVersion,
        hasChanges: row.latestHash !== summary?.hash,
        connectors: summary?.connectors ?? [],
        classes: summary?.classes ?? [],
        deployments: (deploymentsOf.get(row.id) ?? []).map(({ environment, version, status }) => ({
          environment,
          version,
          status,
        })),
        lastRun: last === undefined ? null : { id: last.id, status: last.status, at: last.at.toISOString() },
        today: { runs: 0, failed: 0, inDoubt: 0, ...countsOf.get(row.id) },
      };
    });
  }

  private async record(tx: EntityManager, id: string, entry: NewEntry): Promise<void> {
    await this.changes.notify(tx, 'flows', id);
    await this.journal.record(tx, [entry]);
  }
}
