import { Controller } from '@nestjs/common';
import { type Reply, viewsApi } from '@sluice/shared/api';
import { type Asked, Given, Route } from '../../platform/http/route.js';
import { ViewsService } from './views.service.js';

@Controller()
export class ViewsController {
  constructor(private readonly views: ViewsService) {}

  @Route(viewsApi.list)
  async list(@Given() { actor }: Asked<typeof viewsApi.list>): Promise<Reply<typeof viewsApi.list>> {
    return { items: await this.views.list(actor) };
  }

  @Route(viewsApi.save)
  async save(@Given() { actor, body }: Asked<typeof viewsApi.save>): Promise<Reply<typeof viewsApi.save>> {
    return await this.views.save(actor, body);
  }

  @Route(viewsApi.remove)
  async remove(@Given() { actor, params }: Asked<typeof viewsApi.remove>): Promise<Reply<typeof viewsApi.remove>> {
    await this.views.remove(actor, params.id);
    return {};
  }
}
