import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { TriggerEvent } from '@sluice/shared/api';
import { Repository } from 'typeorm';
import { escapeLike } from '../../platform/database/escape-like.js';
import { TriggerEventEntity } from './trigger-event.entity.js';

export interface InboxFilter {
  status?: TriggerEvent['status'] | undefined;
  flow?: string | undefined;
  environment?: string | undefined;
  message?: string | undefined;
  q?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** What people may search: never what a delivery carried. */
const searched = `concat_ws(chr(10), event.id, event.messageId, event.address, event.endpointId, event.scheme, event.reasonCode, event.reasonMessage)`;

@Injectable()
export class InboxRepository {
  constructor(@InjectRepository(TriggerEventEntity) private readonly events: Repository<TriggerEventEntity>) {}

  /** Newest first. `after` is the last one of the page before. */
  async list(
    workspace: string,
    filter: InboxFilter,
    { after, limit }: { after: { at: Date; id: string } | null; limit: number },
  ): Promise<TriggerEventEntity[]> {
    const query = this.events.createQueryBuilder('event').where('event.workspaceId = :workspace', { workspace });
    if (filter.status !== undefined) query.andWhere('event.status = :status', filter);
    if (filter.flow !== undefined) query.andWhere('event.flowId = :flow', filter);
    if (filter.environment !== undefined) query.andWhere('event.environment = :environment', filter);
    if (filter.message !== undefined) query.andWhere('event.messageId = :message', filter);
    if (filter.q !== undefined) query.andWhere(`${searched} ilike :text`, { text: `%${escapeLike(filter.q)}%` });
    if (filter.from !== undefined) query.andWhere('event.receivedAt >= :from', filter);
    if (filter.to !== undefined) query.andWhere('event.receivedAt < :to', filter);
    if (after !== null) query.andWhere('(event.receivedAt, event.id) < (:at, :id)', after);
    return await query.orderBy('event.receivedAt', 'DESC').addOrderBy('event.id', 'DESC').limit(limit).getMany();
  }

  async find(workspace: string, id: string): Promise<TriggerEventEntity | null> {
    return await this.events.findOneBy({ workspaceId: workspace, id });
  }
}
