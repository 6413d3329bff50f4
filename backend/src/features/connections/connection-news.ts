import { Injectable } from '@nestjs/common';
import { ConnectionActsService } from './connection-acts.service.js';
import { about } from './connection-acts.service.js';
import { ConnectionsRepository } from './connections.repository.js';

/** Brings what the broker did by itself into the log: tokens that it renewed, scopes that were others than approved. */
@Injectable()
export class ConnectionNews {
  constructor(
    private readonly acts: ConnectionActsService,
    private readonly connections: ConnectionsRepository,
  ) {}

  /** Of several processes each takes others. */
  async record(): Promise<void> {
    await this.acts.commit(async (tx) => {
      const events = await this.connections.takeEvents(tx);
      return events.map(({ workspace, environment, connection, member, memberName, action, detail, at }) => ({
        workspace,
        actor:
          member === null
            ? { kind: 'system' as const, id: 'broker' }
            : { kind: 'member' as const, id: member, ...(memberName !== null && { name: memberName }) },
        action,
        ...about({ id: connection, environment }, { ...detail, at: at.toISOString() }),
      }));
    });
  }
}
