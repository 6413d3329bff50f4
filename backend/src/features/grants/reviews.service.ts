import { Injectable } from '@nestjs/common';
import { type Allowance, approvalRules, type Grant, type Review } from '@sluice/shared/api';
import type { ConnectorDescription } from '@sluice/shared/connector';
import { DataSource } from 'typeorm';
import { Journal } from '../../journal/journal.js';
import { type Actor, assertMay } from '../../platform/actor.js';
import { Clock } from '../../platform/clock.js';
import { Problem } from '../../platform/problem.js';
import { ActivationService } from '../deployments/activation.service.js';
import { FlowsService } from '../flows/flows.service.js';
import { allowanceOf } from './asks.js';
import { changesOf } from './grant-changes.js';
import { GrantRequestsService } from './grant-requests.service.js';
import { GrantsService } from './grants.service.js';
import { type ReviewRow, ReviewsRepository } from './reviews.repository.js';
import { type Unused, unusedOf } from './unused.js';

const dayMs = 86_400_000;

/** What of the grants in force nobody used, and the way to give it back. */
@Injectable()
export class ReviewsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly reviews: ReviewsRepository,
    private readonly grants: GrantsService,
    private readonly requests: GrantRequestsService,
    private readonly activation: ActivationService,
    private readonly flows: FlowsService,
    private readonly journal: Journal,
    private readonly clock: Clock,
  ) {}

  async list(workspace: string, filter: { environment?: string | undefined }): Promise<Review[]> {
    const rows = await this.reviews.list(workspace, { ...filter, now: this.clock.date() });
    const replies = rows.map(async (row) => {
      const found = this.unusedOf(row);
      return found.unused.length === 0
        ? []
        : [toReply(row, found, await this.grants.connectorOf(workspace, row.grant))];
    });
    return (await Promise.all(replies)).flat();
  }

  /** Opens a request for the smaller grant. What runs goes on under the larger one until somebody approves it. */
  async shrink(actor: Actor, { grant, reason }: { grant: string; reason?: string | undefined }): Promise<Grant> {
    const { flow, environment: place } = await this.grants.get(actor, grant);
    assertMay(actor, 'flows.deploy', place);
    const { workspace } = actor;
    const id = await this.dataSource.transaction(async (tx) => {
      await this.flows.lock(tx, workspace, flow.id);
      const [row] = await this.reviews.list(workspace, { id: grant, now: this.clock.date() }, tx);
      const found = row === undefined ? null : this.unusedOf(row);
      if (row === undefined || found === null || found.unused.length === 0 || row.request !== null)
        throw new Problem('grant.nothing_unused');
      const { environment } = row.grant;
      assertMay(actor, 'flows.deploy', environment);
      const deployment = await this.activation.findActiveId(tx, { workspace, flow: flow.id, environment });
      if (deployment === null) throw new Problem('grant.nothing_unused');
      const of = { grant: row.grant, versionHash: row.versionHash, deployment };
      const given = reason === undefined || reason === '' ? sentenceOf(found, daysOf(row)) : reason;
      const request = await this.requests.shrink(tx, actor, { ...of, smaller: found.smaller, reason: given });
      await this.journal.record(tx, [request.entry]);
      return request.id;
    });
    return await this.grants.get(actor, id);
  }

  private unusedOf(row: ReviewRow): Unused {
    const allows: Allowance = row.grant.allows ?? allowanceOf(() => []);
    const from = this.clock.now() - daysOf(row) * dayMs;
    return unusedOf({ allows, asks: row.grant.asks }, { uses: row.uses, past: row.past, from });
  }
}

function daysOf({ policy }: ReviewRow): number {
  return approvalRules(policy ?? { approval: true, production: true, retentionDays: 90 }).reviewDays;
}

function sentenceOf({ wouldHaveRefused }: Unused, days: number): string {
  const times = wouldHaveRefused === 1 ? '1 time' : `${wouldHaveRefused} times`;
  return `Not used for ${days} days; the last ${days} days would have been refused ${times}.`;
}

function toReply(
  row: ReviewRow,
  { unused, smaller, calls, wouldHaveRefused }: Unused,
  connector: ConnectorDescription | undefined,
): Review {
  const { grant } = row;
  const part = (kind: (typeof unused)[number]['kind']) =>
    unused.flatMap((one) => (one.kind === kind ? [one.value] : []));
  const { changes } = changesOf({ ...allowanceOf(part), steps: {} }, null, connector);
  const lastUse = new Map(unused.map(({ kind, value, lastUsedAt }) => [`${kind} ${value}`, lastUsedAt]));
  return {
    grant: grant.id,
    flow: { id: grant.flowId, name: row.flowName },
    version: grant.version,
    environment: grant.environment,
    slot: grant.slot,
    connector: grant.connector,
    connection: { id: grant.connectionId, name: row.connectionName },
    days: daysOf(row),
    calls,
    unused: changes.map(({ kind, value, title, risk }) => {
      const at = lastUse.get(`${kind}s ${value}`) ?? null;
      return { kind, value, title, risk, lastUsedAt: at === null ? null : new Date(at).toISOString() };
    }),
    smaller,
    wouldHaveRefused,
    request: row.request,
  };
}
