import { Controller } from '@nestjs/common';
import { environmentsApi, type Reply } from '@sluice/shared/api';
import { type Asked, Given, Route } from '../../platform/http/route.js';
import { PoliciesService } from './policies.service.js';

@Controller()
export class PoliciesController {
  constructor(private readonly policies: PoliciesService) {}

  @Route(environmentsApi.update)
  async update(
    @Given() { actor, params, body }: Asked<typeof environmentsApi.update>,
  ): Promise<Reply<typeof environmentsApi.update>> {
    return await this.policies.set(actor, params.id, body.policy);
  }

  @Route(environmentsApi.confirm)
  async confirm(
    @Given() { actor, params, body }: Asked<typeof environmentsApi.confirm>,
  ): Promise<Reply<typeof environmentsApi.confirm>> {
    return await this.policies.confirm(actor, params.id, body.proposal);
  }

  @Route(environmentsApi.refuse)
  async refuse(
    @Given() { actor, params, body }: Asked<typeof environmentsApi.refuse>,
  ): Promise<Reply<typeof environmentsApi.refuse>> {
    return await this.policies.refuse(actor, params.id, body);
  }
}
