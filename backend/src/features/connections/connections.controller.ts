import { Controller } from '@nestjs/common';
import { connectionsApi, type Reply } from '@sluice/shared/api';
import { type Asked, Given, Route } from '../../platform/http/route.js';
import { ConnectionsService } from './connections.service.js';

@Controller()
export class ConnectionsController {
  constructor(private readonly connections: ConnectionsService) {}

  @Route(connectionsApi.list)
  async list(@Given() { actor, query }: Asked<typeof connectionsApi.list>): Promise<Reply<typeof connectionsApi.list>> {
    const items = await this.connections.list(actor.workspace, query);
    return { items, next: items.length === query.limit ? (items.at(-1)?.id ?? null) : null };
  }

  @Route(connectionsApi.create)
  async create(
    @Given() { actor, body }: Asked<typeof connectionsApi.create>,
  ): Promise<Reply<typeof connectionsApi.create>> {
    return await this.connections.create(actor, body);
  }

  @Route(connectionsApi.limit)
  async limit(
    @Given() { actor, params, body }: Asked<typeof connectionsApi.limit>,
  ): Promise<Reply<typeof connectionsApi.limit>> {
    return await this.connections.limit(actor, params.id, body.limits);
  }

  @Route(connectionsApi.test)
  async test(
    @Given() { actor, params }: Asked<typeof connectionsApi.test>,
  ): Promise<Reply<typeof connectionsApi.test>> {
    return await this.connections.test(actor, params.id);
  }

  @Route(connectionsApi.rotate)
  async rotate(
    @Given() { actor, params, body }: Asked<typeof connectionsApi.rotate>,
  ): Promise<Reply<typeof connectionsApi.rotate>> {
    return await this.connections.rotate(actor, params.id, body.auth);
  }

  @Route(connectionsApi.revoke)
  async revoke(
    @Given() { actor, params, body }: Asked<typeof connectionsApi.revoke>,
  ): Promise<Reply<typeof connectionsApi.revoke>> {
    return await this.connections.revoke(actor, params.id, body.reason);
  }
}
