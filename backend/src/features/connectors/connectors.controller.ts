import { Controller } from '@nestjs/common';
import { connectorsApi, type Reply } from '@sluice/shared/api';
import { type Asked, Given, Route } from '../../platform/http/route.js';
import { computeForPreview } from './compute-for-preview.js';
import { ConnectorsService } from './connectors.service.js';
import { ImportsService } from './imports.service.js';

@Controller()
export class ConnectorsController {
  constructor(
    private readonly connectors: ConnectorsService,
    private readonly imports: ImportsService,
  ) {}

  @Route(connectorsApi.list)
  async list(@Given() { actor }: Asked<typeof connectorsApi.list>): Promise<Reply<typeof connectorsApi.list>> {
    return { items: Object.values(await this.connectors.catalogue(actor.workspace)), next: null };
  }

  @Route(connectorsApi.get)
  async get(@Given() { actor, params }: Asked<typeof connectorsApi.get>): Promise<Reply<typeof connectorsApi.get>> {
    return (await this.connectors.get(actor.workspace, params.id)).description;
  }

  @Route(connectorsApi.import)
  async import(
    @Given() { actor, body }: Asked<typeof connectorsApi.import>,
  ): Promise<Reply<typeof connectorsApi.import>> {
    return await this.imports.import(actor, body);
  }

  @Route(connectorsApi.compute)
  compute(@Given() { body }: Asked<typeof connectorsApi.compute>): Reply<typeof connectorsApi.compute> {
    return computeForPreview(body);
  }

  @Route(connectorsApi.versions)
  async versions(
    @Given() { actor, params }: Asked<typeof connectorsApi.versions>,
  ): Promise<Reply<typeof connectorsApi.versions>> {
    return { items: await this.imports.versions(actor.workspace, params.id), next: null };
  }
}
