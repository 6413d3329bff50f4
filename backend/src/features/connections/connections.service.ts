import { Injectable } from '@nestjs/common';
import type { AuthInput, CallLimits, Connection, ConnectionDetail } from '@sluice/shared/api';
import type { Connector } from '@sluice/shared/connector';
import type { Json } from '@sluice/shared/lib';
import { type Actor, assertMay } from '../../platform/actor.js';
import { Clock } from '../../platform/clock.js';
import { newId } from '../../platform/ids.js';
import { Problem } from '../../platform/problem.js';
import { ConnectorsService } from '../connectors/connectors.service.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import { memberEntry } from '../member-entry.js';
import { checkConnection } from './check-connection.js';
import { about, ConnectionActsService } from './connection-acts.service.js';
import type { ConnectionEntity } from './connection.entity.js';
import { toDetail, toReply } from './connection-reply.js';
import { ConnectionSecretsService } from './connection-secrets.service.js';
import { ConnectionTest } from './connection-test.js';
import { ConnectionVersionsRepository } from './connection-versions.repository.js';
import { type ConnectionFilter, ConnectionsRepository } from './connections.repository.js';
import { defaultRotateDays, dueAfter } from './due.js';

@Injectable()
export class ConnectionsService {
  constructor(
    private readonly acts: ConnectionActsService,
    private readonly connections: ConnectionsRepository,
    private readonly versions: ConnectionVersionsRepository,
    private readonly secrets: ConnectionSecretsService,
    private readonly environments: EnvironmentsService,
    private readonly tester: ConnectionTest,
    private readonly connectors: ConnectorsService,
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

  /** Those of an environment that are in force. */
  async listUsable(workspace: string, environment: string): Promise<{ id: string; connector: string }[]> {
    const found = await this.connections.findIn(workspace, environment);
    return found.filter(({ revokedAt }) => revokedAt === null).map(({ id, connector }) => ({ id, connector }));
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
      rotateDays?: number | null | undefined;
      expiresAt?: string | null | undefined;
    },
  ): Promise<Connection> {
    const { connector } = await this.connectors.get(actor.workspace, body.connector);
    assertMay(actor, 'connections.manage', body.environment);
    const environment = await this.environments.get(actor.workspace, body.environment);
    const { config, hosts, auth } = checkConnection(connector, body);
    const now = this.clock.date();
    const { rotateDays = defaultRotateDays } = body;
    const connection: ConnectionEntity = {
      id: newId('connection'),
      workspaceId: actor.workspace,
      environment: environment.name,
      connector: body.connector,
      name: body.name,
      authKind: auth.kind,
      config,
      hosts,
      limits: body.limits ?? limitsOf(connector),
      ownerId: actor.member,
      secretVersion: 1,
      lastTest: null,
      lastError: null,
      lastUsedAt: null,
      createdAt: now,
      rotatedAt: now,
      rotateDays,
      dueAt: dueAfter(now, auth.kind, rotateDays),
      expiresAt: toDate(body.expiresAt ?? null),
      revokedAt: null,
    };
    await this.acts.commit(async (tx) => {
      await this.connections.insert(tx, connection);
      await this.secrets.store(tx, connection, { version: 1, auth, by: actor });
      const { name, connector: of, authKind } = connection;
      return [memberEntry(actor, 'connection.created', about(connection, { name, connector: of, authKind, hosts }))];
    });
    return await this.find(actor.workspace, connection.id);
  }

  /** Asks the service. The answer is kept with the connection. */
  async test(actor: Actor, id: string): Promise<{ ok: boolean; message: string }> {
    const connection = await this.connections.find(actor.workspace, id);
    if (connection === null) throw new Problem('connection.unknown');
    assertMay(actor, 'connections.manage', connection.environment);
    if (connection.revokedAt !== null) throw new Problem('connection.revoked');
    const result = await this.tester.run(connection);
    if (result === null) return { ok: false, message: 'This connector has no test; run a flow that uses it in dev.' };
    const { ok, message } = result;
    await this.acts.commit(async (tx) => {
      await this.connections.change(tx, id, { lastTest: { at: this.clock.iso(), ok, message } });
      return [memberEntry(actor, 'connection.tested', about(connection, { ok }))];
    });
    return { ok, message };
  }

  /** What is left out stays. */
  async change(
    actor: Actor,
    id: string,
    given: {
      limits?: CallLimits | null | undefined;
      owner?: string | undefined;
      rotateDays?: number | null | undefined;
      expiresAt?: string | null | undefined;
    },
  ): Promise<Connection> {
    const { limits, owner, rotateDays, expiresAt } = given;
    if (owner !== undefined && !(await this.connections.isMember(actor.workspace, owner))) {
      throw new Problem('member.unknown', { message: 'The owner must be an active member of this workspace.' });
    }
    await this.acts.change(actor, id, async (tx, connection) => {
      await this.connections.change(tx, id, {
        ...(limits !== undefined && { limits }),
        ...(owner !== undefined && { ownerId: owner }),
        ...(rotateDays !== undefined && {
          rotateDays,
          dueAt: dueAfter(connection.rotatedAt, connection.authKind, rotateDays),
        }),
        ...(expiresAt !== undefined && { expiresAt: toDate(expiresAt) }),
      });
      const detail = Object.fromEntries(
        Object.entries({ limits, owner, rotateDays, expiresAt }).flatMap(([key, value]) =>
          value === undefined ? [] : [[key, value]],
        ),
      );
      return memberEntry(actor, 'connection.changed', about(connection, detail));
    });
    return await this.find(actor.workspace, id);
  }

  async get(workspace: string, id: string): Promise<ConnectionDetail> {
    const connection = await this.find(workspace, id);
    const now = this.clock.date();
    const [versions, calls, granted] = await Promise.all([
      this.versions.list(id),
      this.connections.calls(id, now),
      this.connections.grantedScopes(id, now),
    ]);
    const hosts = new Set([...connection.hosts, ...calls.map(({ host }) => host)]);
    const pauses = await this.connections.pauses(workspace, [...hosts], now);
    return toDetail(connection, { versions, calls, granted, pauses });
  }

  /** Throws `connection.unknown`. */
  async find(workspace: string, id: string): Promise<Connection> {
    const [connection] = await this.list(workspace, { id, limit: 1 });
    if (connection === undefined) throw new Problem('connection.unknown');
    return connection;
  }
}

/** A new connection goes no faster than its vendor says. */
function limitsOf({ base: { limits } }: Connector): CallLimits | null {
  return limits === undefined ? null : { callsPerSecond: limits.callsPerSecond, burst: limits.burst };
}

function toDate(time: string | null): Date | null {
  return time === null ? null : new Date(time);
}
