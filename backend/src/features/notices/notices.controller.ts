import { Controller } from '@nestjs/common';
import { noticesApi, type Reply } from '@sluice/shared/api';
import { type Asked, Given, Route } from '../../platform/http/route.js';
import { DeliveriesService } from './deliveries.service.js';
import { DeputiesService } from './deputies.service.js';
import { NoticeWebhookService } from './notice-webhook.service.js';
import { NoticesService } from './notices.service.js';

@Controller()
export class NoticesController {
  constructor(
    private readonly notices: NoticesService,
    private readonly deliveries: DeliveriesService,
    private readonly webhooks: NoticeWebhookService,
    private readonly flowDeputies: DeputiesService,
  ) {}

  @Route(noticesApi.list)
  async list(@Given() { actor, query }: Asked<typeof noticesApi.list>): Promise<Reply<typeof noticesApi.list>> {
    const { unread, cursor, limit } = query;
    return await this.notices.list(actor, { unread: unread === 'true', cursor, limit });
  }

  @Route(noticesApi.readAll)
  async readAll(@Given() { actor }: Asked<typeof noticesApi.readAll>): Promise<Reply<typeof noticesApi.readAll>> {
    return { read: await this.notices.readAll(actor) };
  }

  @Route(noticesApi.preferences)
  async preferences(
    @Given() { actor }: Asked<typeof noticesApi.preferences>,
  ): Promise<Reply<typeof noticesApi.preferences>> {
    return {
      ...(await this.notices.preferences(actor)),
      undelivered: await this.deliveries.countFailed(actor.member),
    };
  }

  @Route(noticesApi.prefer)
  async prefer(@Given() { actor, body }: Asked<typeof noticesApi.prefer>): Promise<Reply<typeof noticesApi.prefer>> {
    return { kinds: await this.notices.prefer(actor, body.kinds) };
  }

  @Route(noticesApi.deliveries)
  async listDeliveries(
    @Given() { actor, query }: Asked<typeof noticesApi.deliveries>,
  ): Promise<Reply<typeof noticesApi.deliveries>> {
    return await this.deliveries.list(actor.workspace, query);
  }

  @Route(noticesApi.retry)
  async retry(@Given() { actor, params }: Asked<typeof noticesApi.retry>): Promise<Reply<typeof noticesApi.retry>> {
    return await this.deliveries.retry(actor, params.id);
  }

  @Route(noticesApi.webhook)
  async webhook(@Given() { actor }: Asked<typeof noticesApi.webhook>): Promise<Reply<typeof noticesApi.webhook>> {
    return { webhook: await this.webhooks.find(actor.workspace) };
  }

  @Route(noticesApi.setWebhook)
  async setWebhook(
    @Given() { actor, body }: Asked<typeof noticesApi.setWebhook>,
  ): Promise<Reply<typeof noticesApi.setWebhook>> {
    return await this.webhooks.set(actor, body);
  }

  @Route(noticesApi.removeWebhook)
  async removeWebhook(
    @Given() { actor }: Asked<typeof noticesApi.removeWebhook>,
  ): Promise<Reply<typeof noticesApi.removeWebhook>> {
    await this.webhooks.remove(actor);
    return {};
  }

  @Route(noticesApi.mark)
  async mark(@Given() { actor, params, body }: Asked<typeof noticesApi.mark>): Promise<Reply<typeof noticesApi.mark>> {
    return await this.notices.mark(actor, params.id, body.read);
  }

  @Route(noticesApi.deputies)
  async deputies(
    @Given() { actor, params }: Asked<typeof noticesApi.deputies>,
  ): Promise<Reply<typeof noticesApi.deputies>> {
    return await this.flowDeputies.list(actor.workspace, params.id);
  }

  @Route(noticesApi.setDeputies)
  async setDeputies(
    @Given() { actor, params, body }: Asked<typeof noticesApi.setDeputies>,
  ): Promise<Reply<typeof noticesApi.setDeputies>> {
    return await this.flowDeputies.set(actor, params.id, body.members);
  }
}
