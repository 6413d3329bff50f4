import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Broker, claimOfNoFlow } from '../../broker/call.js';
import { connectors } from '../../connectors/registry.js';
import { type Actor, assertMay } from '../../platform/actor.js';
import { Clock } from '../../platform/clock.js';
import { Problem } from '../../platform/problem.js';
import { memberEntry } from '../member-entry.js';
import { about, ConnectionActsService } from './connection-acts.service.js';
import type { ConnectionEntity } from './connection.entity.js';
import { ConnectionsRepository } from './connections.repository.js';

const timeoutMs = 20_000;

export interface HostKeyReply {
  type: string;
  fingerprint: string;
  isApproved: boolean;
}

/** By which key a server is known: read from it, compared by a person, and from then on the only one that is talked to. */
@Injectable()
export class HostKeysService {
  constructor(
    private readonly acts: ConnectionActsService,
    private readonly connections: ConnectionsRepository,
    private readonly broker: Broker,
    private readonly clock: Clock,
  ) {}

  /** Asks the server; no secret is used for it. */
  async read(actor: Actor, id: string): Promise<HostKeyReply> {
    const connection = await this.connections.find(actor.workspace, id);
    if (connection === null) throw new Problem('connection.unknown');
    assertMay(actor, 'connections.manage', connection.environment);
    if (connection.revokedAt !== null) throw new Problem('connection.revoked');
    assertHasHostKey(connection);
    const claim = claimOfNoFlow(of(connection), { call: 'HOST-KEY /', deadline: this.clock.now() + timeoutMs });
    const answer = await this.broker.call(this.broker.mint(claim), { kind: 'sftp', request: { do: 'host-key' } });
    if (!answer.ok) throw new Problem('connection.no_host_key', { message: answer.failure.message });
    if (answer.kind !== 'sftp' || answer.reply.do !== 'host-key')
      throw new Error('The broker answered another request');
    const { type, fingerprint } = answer.reply;
    await this.acts.commit(async () => [
      memberEntry(actor, 'connection.host_key_read', about(connection, { type, fingerprint })),
    ]);
    return { type, fingerprint, isApproved: approvedKeyOf(connection) === fingerprint };
  }

  async approve(actor: Actor, id: string, fingerprint: string): Promise<void> {
    await this.acts.change(actor, id, async (tx, connection) => {
      assertHasHostKey(connection);
      await this.connections.approveHostKey(tx, id, fingerprint);
      const before = approvedKeyOf(connection);
      return memberEntry(actor, 'connection.host_key_approved', about(connection, { fingerprint, before }));
    });
  }
}

function of({ id, workspaceId, environment, connector, hosts }: ConnectionEntity) {
  return { workspace: workspaceId, environment, connection: id, connector, hosts };
}

const configSchema = z.object({ hostKey: z.string().optional() });

function approvedKeyOf({ config }: ConnectionEntity): string | null {
  return configSchema.parse(config).hostKey ?? null;
}

/** Only a connector that signs in with an SSH key talks to servers that have one. */
function assertHasHostKey({ connector }: ConnectionEntity): void {
  if (connectors[connector]?.base.auth.includes('sshKey') !== true) throw new Problem('connection.no_host_key');
}
