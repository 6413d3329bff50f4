import { Controller } from '@nestjs/common';
import { erasuresApi, type Reply } from '@sluice/shared/api';
import { type Asked, Given, Route } from '../../platform/http/route.js';
import { ErasuresService } from './erasures.service.js';

@Controller()
export class ErasuresController {
  constructor(private readonly erasures: ErasuresService) {}

  @Route(erasuresApi.list)
  async list(@Given() { actor, query }: Asked<typeof erasuresApi.list>): Promise<Reply<typeof erasuresApi.list>> {
    return await this.erasures.list(actor.workspace, { cursor: query.cursor, limit: query.limit });
  }

  @Route(erasuresApi.get)
  async get(@Given() { actor, params }: Asked<typeof erasuresApi.get>): Promise<Reply<typeof erasuresApi.get>> {
    return await this.erasures.get(actor.workspace, params.id);
  }

  @Route(erasuresApi.findings)
  async findings(
    @Given() { actor, params, query }: Asked<typeof erasuresApi.findings>,
  ): Promise<Reply<typeof erasuresApi.findings>> {
    return await this.erasures.findings(actor.workspace, params.id, { cursor: query.cursor, limit: query.limit });
  }

  @Route(erasuresApi.search)
  async search(@Given() { actor, body }: Asked<typeof erasuresApi.search>): Promise<Reply<typeof erasuresApi.search>> {
    return await this.erasures.search(actor, body);
  }

  @Route(erasuresApi.erase)
  async erase(
    @Given() { actor, params, body }: Asked<typeof erasuresApi.erase>,
  ): Promise<Reply<typeof erasuresApi.erase>> {
    return await this.erasures.erase(actor, params.id, body);
  }

  @Route(erasuresApi.cancel)
  async cancel(
    @Given() { actor, params }: Asked<typeof erasuresApi.cancel>,
  ): Promise<Reply<typeof erasuresApi.cancel>> {
    return await this.erasures.cancel(actor, params.id);
  }
}
