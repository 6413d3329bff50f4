import { Injectable } from '@nestjs/common';
import type { NoticeKind } from '@sluice/shared/api';
import { NoticesService } from '../notices/notices.service.js';
import { about, ConnectionActsService } from './connection-acts.service.js';
import { ConnectionsRepository } from './connections.repository.js';

/** What its owner has to see to. */
const told: Readonly<Record<string, NoticeKind>> = {
  'connection.authorization_lost': 'connection.lost',
  'connection.scopes_wider': 'connection.scopes',
};

/** Brings what the broker did by itself into the log: tokens that it renewed, scopes that were others than approved. */
@Injectable()
export class ConnectionNews {
  constructor(
    private readonly acts: ConnectionActsService,
    private readonly connections: ConnectionsRepository,
    private readonly notices: NoticesService,
  ) {}

  /** Of several processes each takes others. */
  async record(): Promise<void> {
    await this.acts.commit(async (tx) => {
      const events = await this.connections.takeEvents(tx);
      for (const { workspace, environment, connection: id, name, owner, action } of events) {
        const kind = told[action];
        if (kind === undefined || owner === null) continue;
        const what = { kind: 'connection' as const, id, name, environment };
        await this.notices.tell(tx, { workspace, kind, about: what, audience: { members: [owner] } });
      }
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
