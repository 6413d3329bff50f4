import { Controller } from '@nestjs/common';
import { bulkRetriesApi, type Reply } from '@sluice/shared/api';
import { type Asked, Given, Route } from '../../../platform/http/route.js';
import { BulkRetryService } from './bulk-retry.service.js';

@Controller()
export class BulkRetriesController {
  constructor(private readonly retries: BulkRetryService) {}

  @Route(bulkRetriesApi.list)
  async list(@Given() { actor, query }: Asked<typeof bulkRetriesApi.list>): Promise<Reply<typeof bulkRetriesApi.list>> {
    return await this.retries.list(actor.workspace, { cursor: query.cursor, limit: query.limit });
  }

  @Route(bulkRetriesApi.start)
  async start(
    @Given() { actor, body }: Asked<typeof bulkRetriesApi.start>,
  ): Promise<Reply<typeof bulkRetriesApi.start>> {
    return await this.retries.start(actor, body);
  }

  @Route(bulkRetriesApi.cancel)
  async cancel(
    @Given() { actor, params }: Asked<typeof bulkRetriesApi.cancel>,
  ): Promise<Reply<typeof bulkRetriesApi.cancel>> {
    return await this.retries.cancel(actor, params.id);
  }
}
