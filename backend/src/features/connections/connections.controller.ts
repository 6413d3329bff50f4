import { Controller } from '@nestjs/common';
import { connectionsApi, type Reply } from '@sluice/shared/api';
import { type Asked, Given, Route } from '../../platform/http/route.js';
import { AuthorizationsService } from './authorizations.service.js';
import { ChoicesService } from './choices.service.js';
import { ConnectionSecretsService } from './connection-secrets.service.js';
import { HostKeysService } from './host-keys.service.js';
import { ConnectionsService } from './connections.service.js';

@Controller()
export class ConnectionsController {
  constructor(
    private readonly connections: ConnectionsService,
    private readonly secrets: ConnectionSecretsService,
    private readonly authorizations: AuthorizationsService,
    private readonly hostKeys: HostKeysService,
    private readonly choices: ChoicesService,
  ) {}

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

  @Route(connectionsApi.get)
  async get(@Given() { actor, params }: Asked<typeof connectionsApi.get>): Promise<Reply<typeof connectionsApi.get>> {
    return await this.connections.get(actor.workspace, params.id);
  }

  @Route(connectionsApi.change)
  async change(
    @Given() { actor, params, body }: Asked<typeof connectionsApi.change>,
  ): Promise<Reply<typeof connectionsApi.change>> {
    return await this.connections.change(actor, params.id, body);
  }

  @Route(connectionsApi.test)
  async test(
    @Given() { actor, params }: Asked<typeof connectionsApi.test>,
  ): Promise<Reply<typeof connectionsApi.test>> {
    return await this.connections.test(actor, params.id);
  }

  @Route(connectionsApi.choices)
  async listChoices(
    @Given() { actor, params, body }: Asked<typeof connectionsApi.choices>,
  ): Promise<Reply<typeof connectionsApi.choices>> {
    return await this.choices.list(actor, params.id, body);
  }

  @Route(connectionsApi.rotate)
  async rotate(
    @Given() { actor, params, body }: Asked<typeof connectionsApi.rotate>,
  ): Promise<Reply<typeof connectionsApi.rotate>> {
    await this.secrets.rotate(actor, params.id, body);
    return await this.connections.find(actor.workspace, params.id);
  }

  @Route(connectionsApi.rollBack)
  async rollBack(
    @Given() { actor, params, body }: Asked<typeof connectionsApi.rollBack>,
  ): Promise<Reply<typeof connectionsApi.rollBack>> {
    await this.secrets.rollBack(actor, params.id, body.version);
    return await this.connections.find(actor.workspace, params.id);
  }

  @Route(connectionsApi.readHostKey)
  async readHostKey(
    @Given() { actor, params }: Asked<typeof connectionsApi.readHostKey>,
  ): Promise<Reply<typeof connectionsApi.readHostKey>> {
    return await this.hostKeys.read(actor, params.id);
  }

  @Route(connectionsApi.approveHostKey)
  async approveHostKey(
    @Given() { actor, params, body }: Asked<typeof connectionsApi.approveHostKey>,
  ): Promise<Reply<typeof connectionsApi.approveHostKey>> {
    await this.hostKeys.approve(actor, params.id, body.fingerprint);
    return await this.connections.find(actor.workspace, params.id);
  }

  @Route(connectionsApi.authorize)
  async authorize(
    @Given() { actor, params, req }: Asked<typeof connectionsApi.authorize>,
  ): Promise<Reply<typeof connectionsApi.authorize>> {
    return await this.authorizations.begin(actor, params.id, req.sessionID);
  }

  @Route(connectionsApi.finishAuthorization)
  async finishAuthorization(
    @Given() { actor, body, req }: Asked<typeof connectionsApi.finishAuthorization>,
  ): Promise<Reply<typeof connectionsApi.finishAuthorization>> {
    return await this.authorizations.finish(actor, body.query, req.sessionID);
  }

  @Route(connectionsApi.revoke)
  async revoke(
    @Given() { actor, params, body }: Asked<typeof connectionsApi.revoke>,
  ): Promise<Reply<typeof connectionsApi.revoke>> {
    await this.secrets.revoke(actor, params.id, body.reason);
    return await this.connections.find(actor.workspace, params.id);
  }
}
