import { Controller } from '@nestjs/common';
import { inboxApi, type Reply } from '@sluice/shared/api';
import { type Asked, Given, Route } from '../../platform/http/route.js';
import { InboxService } from './inbox.service.js';

@Controller()
export class InboxController {
  constructor(private readonly inbox: InboxService) {}

  @Route(inboxApi.list)
  async list(@Given() { actor, query }: Asked<typeof inboxApi.list>): Promise<Reply<typeof inboxApi.list>> {
    const { limit, cursor, ...filter } = query;
    return await this.inbox.list(actor.workspace, filter, { cursor, limit });
  }

  @Route(inboxApi.replay)
  async replay(@Given() { actor, params }: Asked<typeof inboxApi.replay>): Promise<Reply<typeof inboxApi.replay>> {
    return await this.inbox.replay(actor, params.id);
  }
}
