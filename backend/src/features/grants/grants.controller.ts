import { Controller } from '@nestjs/common';
import { grantsApi, type Reply } from '@sluice/shared/api';
import { type Asked, Given, Route } from '../../platform/http/route.js';
import { DecisionsService } from './decisions.service.js';
import { GrantsService } from './grants.service.js';

@Controller()
export class GrantsController {
  constructor(
    private readonly grants: GrantsService,
    private readonly decisions: DecisionsService,
  ) {}

  @Route(grantsApi.list)
  async list(@Given() { actor, query }: Asked<typeof grantsApi.list>): Promise<Reply<typeof grantsApi.list>> {
    const items = await this.grants.list(actor, query);
    return { items, next: items.length === query.limit ? (items.at(-1)?.id ?? null) : null };
  }

  @Route(grantsApi.get)
  async get(@Given() { actor, params }: Asked<typeof grantsApi.get>): Promise<Reply<typeof grantsApi.get>> {
    return await this.grants.get(actor, params.id);
  }

  @Route(grantsApi.approve)
  async approve(
    @Given() { actor, params, body }: Asked<typeof grantsApi.approve>,
  ): Promise<Reply<typeof grantsApi.approve>> {
    return await this.decisions.approve(actor, params.id, body);
  }

  @Route(grantsApi.refuse)
  async refuse(
    @Given() { actor, params, body }: Asked<typeof grantsApi.refuse>,
  ): Promise<Reply<typeof grantsApi.refuse>> {
    return await this.decisions.refuse(actor, params.id, body.reason);
  }

  @Route(grantsApi.approveDeployment)
  async approveDeployment(
    @Given() { actor, params, body }: Asked<typeof grantsApi.approveDeployment>,
  ): Promise<Reply<typeof grantsApi.approveDeployment>> {
    return { items: await this.decisions.approveTogether(actor, params.id, body) };
  }

  @Route(grantsApi.refuseDeployment)
  async refuseDeployment(
    @Given() { actor, params, body }: Asked<typeof grantsApi.refuseDeployment>,
  ): Promise<Reply<typeof grantsApi.refuseDeployment>> {
    return { items: await this.decisions.refuseTogether(actor, params.id, body.reason) };
  }

  @Route(grantsApi.revoke)
  async revoke(
    @Given() { actor, params, body }: Asked<typeof grantsApi.revoke>,
  ): Promise<Reply<typeof grantsApi.revoke>> {
    return await this.decisions.revoke(actor, params.id, body.reason);
  }

  @Route(grantsApi.review)
  async review(
    @Given() { actor, params, body }: Asked<typeof grantsApi.review>,
  ): Promise<Reply<typeof grantsApi.review>> {
    return { items: await this.decisions.review(actor, params.id, body.note) };
  }
}
