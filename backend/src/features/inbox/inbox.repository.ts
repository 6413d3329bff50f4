import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { TriggerEvent } from '@sluice/shared/api';
import { Repository, type SelectQueryBuilder } from 'typeorm';
import { type Found, lookBack, type Place } from '../../platform/database/look-back.js';
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

  /** Newest first. */
  async list(
    workspace: string,
    filter: InboxFilter,
    page: { after: Place | null; limit: number; now: number },
  ): Promise<Found<TriggerEventEntity>> {
    return await lookBack(
      {
        indexed: () => this.indexed(workspace, filter),
        narrow: narrowing(filter),
        order: { at: 'event.receivedAt', id: 'event.id' },
        placeOf: ({ receivedAt, id }) => ({ at: receivedAt, id }),
      },
      page,
    );
  }

  private indexed(workspace: string, filter: InboxFilter): SelectQueryBuilder<TriggerEventEntity> {
    const query = this.events.createQueryBuilder('event').where('event.workspaceId = :workspace', { workspace });
    if (filter.message !== undefined) query.andWhere('event.messageId = :message', filter);
    if (filter.from !== undefined) query.andWhere('event.receivedAt >= :from', filter);
    if (filter.to !== undefined) query.andWhere('event.receivedAt < :to', filter);
    return query;
  }

  async find(workspace: string, id: string): Promise<TriggerEventEntity | null> {
    return await this.events.findOneBy({ workspaceId: workspace, id });
  }
}

/** What no index finds. */
function narrowing(filter: InboxFilter): ((query: SelectQueryBuilder<TriggerEventEntity>) => void) | null {
  const { status, flow, environment, q } = filter;
  if ([status, flow, environment, q].every((part) => part === undefined)) return null;
  return (query) => {
    if (status !== undefined) query.andWhere('event.status = :status', { status });
    if (flow !== undefined) query.andWhere('event.flowId = :flow', { flow });
    if (environment !== undefined) query.andWhere('event.environment = :environment', { environment });
    if (q !== undefined) query.andWhere(`${searched} ilike :text`, { text: `%${escapeLike(q)}%` });
  };
}
