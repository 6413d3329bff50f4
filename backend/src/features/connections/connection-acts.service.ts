import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Journal } from '../../journal/journal.js';
import type { NewEntry } from '../../journal/records.js';
import { type Actor, assertMay } from '../../platform/actor.js';
import { Changes } from '../../platform/changes.js';
import { Problem } from '../../platform/problem.js';
import type { ConnectionEntity } from './connection.entity.js';
import { ConnectionsRepository } from './connections.repository.js';

/** How anything about a connection changes: one act at a time, told to every process, in the log with the change itself. */
@Injectable()
export class ConnectionActsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly connections: ConnectionsRepository,
    private readonly journal: Journal,
    private readonly changes: Changes,
  ) {}

  /** `act` changes a connection in force and gives the log's line for it. */
  async change(
    actor: Actor,
    id: string,
    act: (tx: EntityManager, connection: ConnectionEntity) => Promise<NewEntry>,
  ): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      const connection = await this.connections.lock(tx, actor.workspace, id);
      if (connection === null) throw new Problem('connection.unknown');
      assertMay(actor, 'connections.manage', connection.environment);
      if (connection.revokedAt !== null) throw new Problem('connection.revoked');
      await this.record(tx, [await act(tx, connection)]);
    });
  }

  /** For what is new, or changes by itself. */
  async commit(act: (tx: EntityManager) => Promise<readonly NewEntry[]>): Promise<readonly NewEntry[]> {
    return await this.dataSource.transaction(async (tx) => {
      const entries = await act(tx);
      await this.record(tx, entries);
      return entries;
    });
  }

  private async record(tx: EntityManager, entries: readonly NewEntry[]): Promise<void> {
    const ids = new Set(entries.flatMap(({ subject }) => (subject === undefined ? [] : [subject.id])));
    for (const id of ids) await this.changes.notify(tx, 'connections', id);
    if (entries.length > 0) await this.journal.record(tx, [...entries]);
  }
}

/** What the log says a deed was about. */
export function about(
  { id, environment }: Pick<ConnectionEntity, 'id' | 'environment'>,
  detail: NonNullable<NewEntry['detail']>,
) {
  return { subject: { kind: 'connection', id }, environment, detail };
}
