import { Injectable } from '@nestjs/common';
import type { AuthInput } from '@sluice/shared/api';
import type { EntityManager } from 'typeorm';
import { Vault } from '../../broker/call.js';
import type { Actor } from '../../platform/actor.js';
import { Clock } from '../../platform/clock.js';
import { Problem } from '../../platform/problem.js';
import { memberEntry } from '../member-entry.js';
import { ConnectorsService } from '../connectors/connectors.service.js';
import { AuthorizationsService } from './authorizations.service.js';
import { checkAuth } from './check-connection.js';
import { assertRotation, scopesOf, type Shown } from './check-rotation.js';
import { about, ConnectionActsService } from './connection-acts.service.js';
import type { ConnectionEntity } from './connection.entity.js';
import { ConnectionVersionsRepository } from './connection-versions.repository.js';
import { ConnectionsRepository } from './connections.repository.js';
import { dueAfter } from './due.js';

const hourMs = 3_600_000;
/** Revoking takes seconds: what is still there after this was left. */
const graceMs = 120_000;
/** What was in use before somebody went back is kept for so long. */
const keepHoursAfterRollBack = 24;

/** The versions of a connection's secret: a new one is used at once, the one before is kept for a while. */
@Injectable()
export class ConnectionSecretsService {
  constructor(
    private readonly acts: ConnectionActsService,
    private readonly connections: ConnectionsRepository,
    private readonly versions: ConnectionVersionsRepository,
    private readonly vault: Vault,
    private readonly authorizations: AuthorizationsService,
    private readonly connectors: ConnectorsService,
    private readonly clock: Clock,
  ) {}

  /** Seals a secret as a version of a connection, in the caller's transaction. Answers what people may see of it. */
  async store(
    tx: EntityManager,
    connection: Pick<ConnectionEntity, 'id' | 'workspaceId' | 'environment'>,
    secret: { version: number; auth: AuthInput; by: Actor },
  ): Promise<Shown> {
    const { id, workspaceId: workspace, environment } = connection;
    const { version, auth, by } = secret;
    const shown = await this.vault.putSecret(tx, { workspace, environment, id, version }, auth);
    await this.versions.insert(tx, {
      connectionId: id,
      version,
      workspaceId: workspace,
      authKind: auth.kind,
      shown,
      createdBy: by.member,
      createdAt: this.clock.date(),
      keptUntil: null,
      destroyedAt: null,
    });
    return shown;
  }

  /** Throws `connection.not_a_rotation` for what is more than another secret. */
  async rotate(
    actor: Actor,
    id: string,
    given: { auth: AuthInput; keepHours: number; expiresAt?: string | null | undefined },
  ): Promise<void> {
    await this.acts.change(actor, id, async (tx, connection) => {
      const { connector } = await this.connectors.get(actor.workspace, connection.connector, tx);
      const auth = checkAuth(connector, given.auth, connection.hosts);
      const before = await this.versions.shown(tx, { connection: id, version: connection.secretVersion });
      assertRotation(connector, { authKind: connection.authKind, shown: before }, auth);
      const version = await this.versions.next(tx, id);
      const now = this.clock.date();
      const after = await this.store(tx, connection, { version, auth, by: actor });
      await this.connections.change(tx, id, {
        secretVersion: version,
        authKind: auth.kind,
        rotatedAt: now,
        dueAt: dueAfter(now, auth.kind, connection.rotateDays),
        expiresAt: given.expiresAt == null ? null : new Date(given.expiresAt),
        lastError: null,
      });
      const keptUntil = await this.keepBefore(tx, connection, given.keepHours);
      const detail = { version, authKind: auth.kind, keptUntil, ...scopesFromTo(before, after) };
      return memberEntry(actor, 'connection.rotated', about(connection, detail));
    });
  }

  async rollBack(actor: Actor, id: string, version: number): Promise<void> {
    await this.acts.change(actor, id, async (tx, connection) => {
      const now = this.clock.date();
      const from = { connection: id, version: connection.secretVersion };
      const scopes = scopesFromTo(
        await this.versions.shown(tx, from),
        await this.versions.shown(tx, { connection: id, version }),
      );
      const back = await this.versions.takeBack(tx, { connection: id, version }, now);
      if (back === null) throw new Problem('connection.version_gone');
      await this.connections.change(tx, id, {
        secretVersion: version,
        authKind: back.authKind,
        rotatedAt: back.createdAt,
        dueAt: dueAfter(back.createdAt, back.authKind, connection.rotateDays),
        // What was said of the newer secret is not true of this one.
        expiresAt: null,
        lastError: null,
      });
      const keptUntil = await this.keepBefore(tx, connection, keepHoursAfterRollBack);
      const detail = { version, from: connection.secretVersion, keptUntil, ...scopes };
      return memberEntry(actor, 'connection.rolled_back', about(connection, detail));
    });
  }

  /** In force at once; then the service is asked to take back what it gave, and the secrets are destroyed. */
  async revoke(actor: Actor, id: string, reason: string): Promise<void> {
    await this.acts.change(actor, id, async (tx, connection) => {
      await this.connections.change(tx, id, { revokedAt: this.clock.date() });
      if (connection.authKind !== 'oauth2') await this.destroyAll(tx, id);
      return memberEntry(actor, 'connection.revoked', about(connection, { reason }));
    });
    const revoked = await this.connections.find(actor.workspace, id);
    if (revoked?.authKind === 'oauth2') await this.finishRevoking(revoked);
  }

  /** What a process that ended in the middle of revoking left. */
  async finishHalfRevoked(): Promise<void> {
    const before = new Date(this.clock.now() - graceMs);
    for (const connection of await this.connections.findHalfRevoked(before)) await this.finishRevoking(connection);
  }

  private async finishRevoking(connection: ConnectionEntity): Promise<void> {
    const { isRevoked, message } = await this.authorizations.takeBack(connection);
    await this.acts.commit(async (tx) => {
      await this.destroyAll(tx, connection.id);
      return [
        {
          workspace: connection.workspaceId,
          actor: { kind: 'system', id: 'keeper' },
          action: 'connection.taken_back',
          ...about(connection, { isRevoked, message }),
        },
      ];
    });
  }

  private async destroyAll(tx: EntityManager, id: string): Promise<void> {
    await this.vault.destroySecrets(tx, id);
    await this.versions.markDestroyed(tx, id, this.clock.date());
  }

  /** Destroys every version whose time is over. */
  async destroyOutlived(): Promise<void> {
    await this.acts.commit(async (tx) => {
      const gone = await this.versions.takeOutlived(tx, this.clock.date());
      for (const { connection, version } of gone) await this.vault.destroySecret(tx, connection, version);
      return gone.map(({ connection, version, workspace, environment }) => ({
        workspace,
        actor: { kind: 'system' as const, id: 'keeper' },
        action: 'connection.version_destroyed',
        ...about({ id: connection, environment }, { version }),
      }));
    });
  }

  /** The version that was in use. Until when it is kept; null: it is destroyed. */
  private async keepBefore(
    tx: EntityManager,
    { id, secretVersion }: ConnectionEntity,
    hours: number,
  ): Promise<string | null> {
    const now = this.clock.now();
    const until = new Date(now + hours * hourMs);
    const version = { connection: id, version: secretVersion };
    await this.versions.keep(tx, version, until);
    if (hours > 0) return until.toISOString();
    await this.vault.destroySecret(tx, id, secretVersion);
    await this.versions.markVersionDestroyed(tx, version, new Date(now));
    return null;
  }
}

/** Of OAuth, which scopes there were and are. */
function scopesFromTo(before: Shown, after: Shown): { scopes?: { before: string[]; after: string[] } } {
  const [was, is] = [scopesOf(before), scopesOf(after)];
  return was === null || is === null ? {} : { scopes: { before: was, after: is } };
}
