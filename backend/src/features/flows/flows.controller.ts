import { Controller } from '@nestjs/common';
import { flowsApi, type Reply } from '@sluice/shared/api';
import { type Asked, Given, Route } from '../../platform/http/route.js';
import { DraftsService } from './drafts.service.js';
import { FlowsService } from './flows.service.js';
import { PresenceService } from './presence.service.js';
import { VersionsService } from './versions.service.js';

@Controller()
export class FlowsController {
  constructor(
    private readonly flows: FlowsService,
    private readonly drafts: DraftsService,
    private readonly versions: VersionsService,
    private readonly presence: PresenceService,
  ) {}

  @Route(flowsApi.list)
  async list(@Given() { actor, query }: Asked<typeof flowsApi.list>): Promise<Reply<typeof flowsApi.list>> {
    const items = await this.flows.list(actor.workspace, query);
    return { items, next: items.length === query.limit ? (items.at(-1)?.id ?? null) : null };
  }

  @Route(flowsApi.create)
  async create(@Given() { actor, body }: Asked<typeof flowsApi.create>): Promise<Reply<typeof flowsApi.create>> {
    return await this.flows.create(actor, body);
  }

  @Route(flowsApi.get)
  async get(@Given() { actor, params }: Asked<typeof flowsApi.get>): Promise<Reply<typeof flowsApi.get>> {
    return await this.flows.get(actor.workspace, params.id);
  }

  @Route(flowsApi.rename)
  async rename(
    @Given() { actor, params, body }: Asked<typeof flowsApi.rename>,
  ): Promise<Reply<typeof flowsApi.rename>> {
    return await this.flows.rename(actor, params.id, body.name);
  }

  @Route(flowsApi.remove)
  async remove(@Given() { actor, params }: Asked<typeof flowsApi.remove>): Promise<Reply<typeof flowsApi.remove>> {
    await this.flows.remove(actor, params.id);
    return {};
  }

  @Route(flowsApi.draft)
  async draft(@Given() { actor, params }: Asked<typeof flowsApi.draft>): Promise<Reply<typeof flowsApi.draft>> {
    return await this.drafts.get(actor.workspace, params.id);
  }

  @Route(flowsApi.saveDraft)
  async saveDraft(
    @Given() { actor, params, body }: Asked<typeof flowsApi.saveDraft>,
  ): Promise<Reply<typeof flowsApi.saveDraft>> {
    return await this.drafts.save(actor, params.id, body);
  }

  @Route(flowsApi.changeDraft)
  async changeDraft(
    @Given() { actor, params, body }: Asked<typeof flowsApi.changeDraft>,
  ): Promise<Reply<typeof flowsApi.changeDraft>> {
    return await this.drafts.change(actor, params.id, body);
  }

  @Route(flowsApi.presence)
  async tellPresence(
    @Given() { actor, params, body }: Asked<typeof flowsApi.presence>,
  ): Promise<Reply<typeof flowsApi.presence>> {
    return { others: await this.presence.tell(actor, params.id, body) };
  }

  @Route(flowsApi.check)
  async check(@Given() { actor, params }: Asked<typeof flowsApi.check>): Promise<Reply<typeof flowsApi.check>> {
    return await this.drafts.inspect(actor.workspace, params.id);
  }

  @Route(flowsApi.versions)
  async listVersions(
    @Given() { actor, params, query }: Asked<typeof flowsApi.versions>,
  ): Promise<Reply<typeof flowsApi.versions>> {
    const before = /^\d{1,9}$/.test(query.cursor ?? '') ? Number(query.cursor) : null;
    const items = await this.versions.list(actor.workspace, params.id, { before, limit: query.limit });
    return { items, next: items.length === query.limit ? String(items.at(-1)?.version ?? '') : null };
  }

  @Route(flowsApi.version)
  async getVersion(
    @Given() { actor, params }: Asked<typeof flowsApi.version>,
  ): Promise<Reply<typeof flowsApi.version>> {
    return await this.versions.get(actor.workspace, params.id, params.version);
  }

  @Route(flowsApi.publish)
  async publish(
    @Given() { actor, params, body }: Asked<typeof flowsApi.publish>,
  ): Promise<Reply<typeof flowsApi.publish>> {
    return await this.versions.publish(actor, params.id, body.note ?? null);
  }
}
