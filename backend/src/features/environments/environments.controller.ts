import { Controller } from '@nestjs/common';
import { environmentsApi, type Reply } from '@sluice/shared/api';
import { type Asked, Given, Route } from '../../platform/http/route.js';
import { EnvironmentsService } from './environments.service.js';

@Controller()
export class EnvironmentsController {
  constructor(private readonly environments: EnvironmentsService) {}

  @Route(environmentsApi.list)
  async list(@Given() { actor }: Asked<typeof environmentsApi.list>): Promise<Reply<typeof environmentsApi.list>> {
    return { items: await this.environments.list(actor.workspace), next: null };
  }

  @Route(environmentsApi.create)
  async create(
    @Given() { actor, body }: Asked<typeof environmentsApi.create>,
  ): Promise<Reply<typeof environmentsApi.create>> {
    return await this.environments.create(actor, body);
  }
}
