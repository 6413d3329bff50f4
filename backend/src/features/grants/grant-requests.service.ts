import { Injectable } from '@nestjs/common';
import { rolesWith } from '@sluice/shared/api';
import type { FlowDocument, Manifest } from '@sluice/shared/flow';
import type { EntityManager } from 'typeorm';
import type { NewEntry } from '../../journal/records.js';
import type { Actor } from '../../platform/actor.js';
import { Changes } from '../../platform/changes.js';
import { Clock } from '../../platform/clock.js';
import { memberEntry } from '../member-entry.js';
import { ConnectorsService } from '../connectors/connectors.service.js';
import { NoticesService } from '../notices/notices.service.js';
import type { GrantEntity } from './grant.entity.js';
import { carriedFrom, draftRequests, draftSmaller, isApproved, needsTheSame } from './grant-drafts.js';
import { type ActiveGrant, GrantsRepository } from './grants.repository.js';
import { highRiskOf } from './high-risk.js';

/** A version that is to run somewhere, and the connections that its slots are bound to. */
export interface Wanted {
  deployment: string;
  flow: string;
  environment: string;
  version: { version: number; hash: string; document: FlowDocument; manifest: Manifest };
  connections: ReadonlyMap<string, { id: string; hosts: readonly string[] }>;
  reason: string | null;
}

/** Opens and closes requests for grants. The caller holds the flow's lock and writes the log. */
@Injectable()
export class GrantRequestsService {
  constructor(
    private readonly grants: GrantsRepository,
    private readonly changes: Changes,
    private readonly clock: Clock,
    private readonly notices: NoticesService,
    private readonly connectors: ConnectorsService,
  ) {}

  /**
   * Asks for what no grant in force covers. What needs the same as an approved version did, or less, goes on under that
   * approval, and the log says so. `waits`: somebody has to decide before it runs.
   */
  async open(tx: EntityManager, actor: Actor, wanted: Wanted): Promise<{ entries: NewEntry[]; waits: boolean }> {
    const { workspace } = actor;
    const { flow, environment, version } = wanted;
    const active = await this.grants.listActive(tx, { workspace, flow, environment, now: this.clock.date() });
    const knownHosts = await this.grants.listKnownHosts(tx, workspace);
    const connectors = await this.connectors.ofSlots(workspace, version.manifest, tx);
    const drafts = draftRequests(actor, wanted, { connectors, requestedAt: this.clock.date() });
    const entries: NewEntry[] = [];
    const opened: GrantEntity[] = [];
    for (const draft of drafts) {
      const grant = active.find(({ slot }) => slot === draft.slot);
      if (grant !== undefined && isApproved(draft, version.hash, grant)) continue;
      const risk = { document: version.document, connector: connectors.get(draft.connector)?.description, knownHosts };
      const request =
        grant !== undefined && needsTheSame(draft, grant)
          ? carriedFrom(grant, draft, version.hash)
          : { ...draft, highRisk: highRiskOf(draft.asks, risk) };
      opened.push(request);
      entries.push(entryOf(actor, request, grant));
    }
    if (opened.length > 0) await this.grants.insert(tx, opened);
    await this.notify(
      tx,
      opened.map(({ id }) => id),
    );
    const waits = opened.some(({ status }) => status === 'pending');
    if (waits)
      await this.notices.tell(tx, {
        workspace,
        kind: 'grant.asked',
        about: { kind: 'flow', id: flow, flow, environment },
        audience: { roles: rolesWith('grants.decide'), except: actor.member },
      });
    return { entries, waits };
  }

  /** Asks for less than a grant in force allows, for the deployment that runs. Answers the log's entry. */
  async shrink(
    tx: EntityManager,
    actor: Actor,
    smaller: Parameters<typeof draftSmaller>[1],
  ): Promise<{ id: string; entry: NewEntry }> {
    const draft = draftSmaller(actor, smaller, this.clock.date());
    await this.grants.insert(tx, [draft]);
    await this.changes.notify(tx, 'grants', draft.id);
    return { id: draft.id, entry: entryOf(actor, draft, undefined) };
  }

  /** What was decided for a deployment comes into force, in the place of what was; answers its ids. */
  async enforce(
    tx: EntityManager,
    { workspace, deployment }: { workspace: string; deployment: string },
  ): Promise<string[]> {
    const unsettled = await this.grants.listUnsettled(tx, workspace, deployment);
    const [first] = unsettled;
    if (first === undefined) return [];
    const { flowId, environment } = first;
    await this.grants.replaceActive(tx, { flowId, environment, slots: unsettled.map(({ slot }) => slot) });
    for (const { id } of unsettled) await this.grants.change(tx, id, { status: 'active' });
    const ids = unsettled.map(({ id }) => id);
    await this.notify(tx, ids);
    return ids;
  }

  /** Requests of deployments that will not run, or run no more. */
  async close(tx: EntityManager, workspace: string, deployments: string[]): Promise<void> {
    if (deployments.length > 0)
      await this.notify(
        tx,
        await this.grants.replace(tx, { workspace, of: { deployments }, among: ['pending', 'approved'] }),
      );
  }

  /** A flow out of service keeps no rights. */
  async endAll(tx: EntityManager, workspace: string, flow: string): Promise<void> {
    await this.notify(
      tx,
      await this.grants.replace(tx, { workspace, of: { flow }, among: ['pending', 'approved', 'active'] }),
    );
  }

  private async notify(tx: EntityManager, ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.changes.notify(tx, 'grants', id);
  }
}

function entryOf(actor: Actor, request: GrantEntity, grant: ActiveGrant | undefined): NewEntry {
  const { id, flowId: flow, version, environment, deploymentId: deployment, slot, connector, hash } = request;
  const { connectionId: connection, reason, highRisk } = request;
  const { scopes, hosts, calls, fields, replies } = request.allows ?? request.asks;
  const about = { flow, version, deployment, slot, connector, connection, hash, scopes, hosts, calls, fields, replies };
  const detail =
    request.carriedFrom === null
      ? { ...about, reason, highRisk }
      : { ...about, from: grant?.id ?? request.carriedFrom };
  const action = request.carriedFrom === null ? 'grant.requested' : 'grant.carried_over';
  return memberEntry(actor, action, { subject: { kind: 'grant', id }, environment, detail });
}
