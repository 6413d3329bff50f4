import { Injectable } from '@nestjs/common';
import { rolesWith } from '@sluice/shared/api';
import type { FlowDocument, Manifest } from '@sluice/shared/flow';
import type { EntityManager } from 'typeorm';
import { catalogue } from '../../connectors/registry.js';
import type { NewEntry } from '../../journal/records.js';
import type { Actor } from '../../platform/actor.js';
import { Changes } from '../../platform/changes.js';
import { Clock } from '../../platform/clock.js';
import { newId } from '../../platform/ids.js';
import { memberEntry } from '../member-entry.js';
import { NoticesService } from '../notices/notices.service.js';
import { asksOf, covers, grantHash } from './asks.js';
import type { GrantEntity } from './grant.entity.js';
import { type ActiveGrant, GrantsRepository } from './grants.repository.js';

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
  ) {}

  /** Asks for what no grant in force covers. Answers the log's entries, one for each request; none: it may run at once. */
  async open(tx: EntityManager, actor: Actor, wanted: Wanted): Promise<NewEntry[]> {
    const { flow, environment } = wanted;
    const active = await this.grants.listActive(tx, {
      workspace: actor.workspace,
      flow,
      environment,
      now: this.clock.date(),
    });
    const asked = this.requestsOf(actor, wanted);
    const open = asked.filter((request) => !active.some((grant) => isCovered(request, wanted.version.hash, grant)));
    if (open.length === 0) return [];
    await this.grants.insert(tx, open);
    for (const { id } of open) await this.changes.notify(tx, 'grants', id);
    await this.notices.tell(tx, {
      workspace: actor.workspace,
      kind: 'grant.asked',
      about: { kind: 'flow', id: flow, flow, environment },
      audience: { roles: rolesWith('grants.decide'), except: actor.member },
    });
    return open.map(({ id, slot, connector, connectionId, hash, asks: { scopes, hosts, calls, fields } }) =>
      memberEntry(actor, 'grant.requested', {
        subject: { kind: 'grant', id },
        environment,
        detail: {
          flow,
          version: wanted.version.version,
          deployment: wanted.deployment,
          slot,
          connector,
          connection: connectionId,
          hash,
          scopes,
          hosts,
          calls,
          fields,
          reason: wanted.reason,
        },
      }),
    );
  }

  /** Requests of deployments that will not run. */
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

  private requestsOf(actor: Actor, wanted: Wanted): GrantEntity[] {
    const { version, flow, environment } = wanted;
    return Object.entries(version.manifest.slots).map(([slot, { connector }]) => {
      const connection = wanted.connections.get(slot);
      if (connection === undefined) throw new Error(`The slot ${slot} is not bound`);
      const asks = asksOf(version, slot, { connectionHosts: connection.hosts, catalogue });
      return {
        id: newId('grant'),
        workspaceId: actor.workspace,
        flowId: flow,
        version: version.version,
        environment,
        slot,
        connector,
        connectionId: connection.id,
        deploymentId: wanted.deployment,
        hash: grantHash({ flow, version: version.hash, environment, slot, connector, connection: connection.id }, asks),
        asks,
        allows: null,
        status: 'pending',
        reason: wanted.reason,
        requestedBy: actor.member,
        requestedAt: this.clock.date(),
        decidedBy: null,
        decidedAt: null,
        decisionReason: null,
        decidedChanges: null,
        expiresAt: null,
      };
    });
  }

  private async notify(tx: EntityManager, ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.changes.notify(tx, 'grants', id);
  }
}

/** The very same was approved, or all of it for the same content and connection. */
function isCovered(request: GrantEntity, versionHash: string, grant: ActiveGrant): boolean {
  if (grant.slot !== request.slot) return false;
  if (grant.hash === request.hash) return true;
  return (
    grant.connection === request.connectionId && grant.versionHash === versionHash && covers(grant.allows, request.asks)
  );
}
