import { Injectable } from '@nestjs/common';
import type { AuthInput, CallLimits, Connection } from '@sluice/shared/api';
import type { Connector } from '@sluice/shared/connector';
import type { Json } from '@sluice/shared/lib';
import { DataSource, type EntityManager } from 'typeorm';
import { Vault } from '../../broker/call.js';
import { connectors } from '../../connectors/registry.js';
import { Journal } from '../../journal/journal.js';
import type { NewEntry } from '../../journal/records.js';
import type { Actor } from '../../platform/actor.js';
import { Changes } from '../../platform/changes.js';
import { Clock } from '../../platform/clock.js';
import { newId } from '../../platform/ids.js';
import { Problem } from '../../platform/problem.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import { memberEntry } from '../member-entry.js';
import { assertAuth, checkConnection } from './check-connection.js';
import type { ConnectionEntity } from './connection.entity.js';
import { ConnectionTest } from './connection-test.js';
import {
  type ConnectionFilter,
  type ConnectionRow,
  ConnectionsRepository,
  type Use,
} from './connections.repository.js';

@Injectable()
export class ConnectionsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly connections: ConnectionsRepository,
    private readonly environments: EnvironmentsService,
    private readonly vault: Vault,
    private readonly tester: ConnectionTest,
    private readonly journal: Journal,
    private readonly changes: Changes,
    private readonly clock: Clock,
  ) {}

  async list(workspace: string, filter: ConnectionFilter): Promise<Connection[]> {
    const rows = await this.connections.list(workspace, filter);
    const uses = Map.groupBy(
      await this.connections.uses(
        workspace,
        rows.map(({ id }) => id),
      ),
      ({ connection }) => connection,
    );
    return rows.map((row) => toReply(row, uses.get(row.id) ?? []));
  }

  /** Of the given ids those of this workspace and environment; of any other nothing is said. */
  async listBindable(
    workspace: string,
    environment: string,
    ids: readonly string[],
  ): Promise<{ id: string; connector: string; hosts: string[]; isRevoked: boolean }[]> {
    const found = await this.connections.findIn(workspace, environment, ids);
    return found.map(({ id, connector, hosts, revokedAt }) => ({
      id,
      connector,
      hosts,
      isRevoked: revokedAt !== null,
    }));
  }

  async create(
    actor: Actor,
    body: {
      connector: string;
      environment: string;
      name: string;
      auth: AuthInput;
      config: Record<string, Json>;
      limits?: CallLimits | undefined;
    },
  ): Promise<Connection> {
    const connector = getConnector(body.connector);
    const environment = await this.environments.get(actor.workspace, body.environment);
    const { config, hosts } = checkConnection(connector, body);
    const now = this.clock.date();
    const connection: ConnectionEntity = {
      id: newId('connection'),
      workspaceId: actor.workspace,
      environment: environment.name,
      connector: body.connector,
      name: body.name,
      authKind: body.auth.kind,
      config,
      hosts,
      limits: body.limits ?? null,
      ownerId: actor.member,
      secretVersion: 1,
      lastTest: null,
      lastUsedAt: null,
      createdAt: now,
      rotatedAt: now,
      revokedAt: null,
    };
    await this.dataSource.transaction(async (tx) => {
      await this.connections.insert(tx, connection);
      await this.putSecret(tx, connection, body.auth);
      const { name, connector: of, authKind } = connection;
      await this.record(
        tx,
        memberEntry(actor, 'connection.created', about(connection, { name, connector: of, authKind, hosts })),
      );
    });
    return await this.get(actor.workspace, connection.id);
  }

  /** Asks the service. The answer is kept with the connection. */
  async test(actor: Actor, id: string): Promise<{ ok: boolean; message: string }> {
    const connection = await this.connections.find(actor.workspace, id);
    if (connection === null) throw new Problem('connection.unknown');
    if (connection.revokedAt !== null) throw new Problem('connection.revoked');
    const result = await this.tester.run(connection);
    if (result === null) return { ok: false, message: 'This connector has no test; run a flow that uses it in dev.' };
    const { ok, message } = result;
    await this.dataSource.transaction(async (tx) => {
      await this.connections.change(tx, id, { lastTest: { at: this.clock.iso(), ok, message } });
      await this.record(tx, memberEntry(actor, 'connection.tested', about(connection, { ok })));
    });
    return { ok, message };
  }

  async limit(actor: Actor, id: string, limits: CallLimits | null): Promise<Connection> {
    await this.change(actor, id, async (tx, connection) => {
      await this.connections.change(tx, id, { limits });
      return memberEntry(actor, 'connection.limited', about(connection, { limits }));
    });
    return await this.get(actor.workspace, id);
  }

  /** The secret before is destroyed in the same moment. */
  async rotate(actor: Actor, id: string, auth: AuthInput): Promise<Connection> {
    await this.change(actor, id, async (tx, connection) => {
      assertAuth(getConnector(connection.connector), auth.kind);
      const secretVersion = connection.secretVersion + 1;
      await this.connections.change(tx, id, { secretVersion, authKind: auth.kind, rotatedAt: this.clock.date() });
      await this.putSecret(tx, { ...connection, secretVersion }, auth);
      return memberEntry(
        actor,
        'connection.rotated',
        about(connection, { version: secretVersion, authKind: auth.kind }),
      );
    });
    return await this.get(actor.workspace, id);
  }

  async revoke(actor: Actor, id: string, reason: string): Promise<Connection> {
    await this.change(actor, id, async (tx, connection) => {
      await this.connections.change(tx, id, { revokedAt: this.clock.date() });
      await this.vault.destroySecrets(tx, id);
      return memberEntry(actor, 'connection.revoked', about(connection, { reason }));
    });
    return await this.get(actor.workspace, id);
  }

  private async get(workspace: string, id: string): Promise<Connection> {
    const [connection] = await this.list(workspace, { id, limit: 1 });
    if (connection === undefined) throw new Problem('connection.unknown');
    return connection;
  }

  /** For acts on a connection in force. */
  private async change(
    actor: Actor,
    id: string,
    act: (tx: EntityManager, connection: ConnectionEntity) => Promise<NewEntry>,
  ): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      const connection = await this.connections.lock(tx, actor.workspace, id);
      if (connection === null) throw new Problem('connection.unknown');
      if (connection.revokedAt !== null) throw new Problem('connection.revoked');
      await this.record(tx, await act(tx, connection));
    });
  }

  private async putSecret(
    tx: EntityManager,
    { workspaceId: workspace, environment, id, secretVersion: version }: ConnectionEntity,
    auth: AuthInput,
  ): Promise<void> {
    await this.vault.putSecret(tx, { workspace, environment, id, version }, auth);
  }

  private async record(tx: EntityManager, entry: NewEntry): Promise<void> {
    if (entry.subject !== undefined) await this.changes.notify(tx, 'connections', entry.subject.id);
    await this.journal.record(tx, [entry]);
  }
}

function getConnector(id: string): Connector {
  const connector = connectors[id];
  if (connector === undefined)
    throw new Problem('connector.unknown', { message: `There is no connector "${id}" here.` });
  return connector;
}

/** What the log says a deed was about. */
function about({ id, environment }: ConnectionEntity, detail: NonNullable<NewEntry['detail']>) {
  return { subject: { kind: 'connection', id }, environment, detail };
}

function toReply(row: ConnectionRow, uses: readonly Use[]): Connection {
  return {
    id: row.id,
    connector: row.connector,
    environment: row.environment,
    name: row.name,
    authKind: row.authKind,
    config: row.config,
    hosts: row.hosts,
    limits: row.limits,
    status: row.revokedAt === null ? 'active' : 'revoked',
    version: row.secretVersion,
    owner: { id: row.ownerId, name: row.ownerName },
    createdAt: row.createdAt.toISOString(),
    rotatedAt: row.rotatedAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    lastTest: row.lastTest,
    usedBy: uses.map(({ flow, name, environment, slot }) => ({ flow, name, environment, slot })),
  };
}
