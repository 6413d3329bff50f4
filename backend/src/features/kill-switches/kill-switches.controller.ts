import { Controller } from '@nestjs/common';
import { killSwitchesApi, type Reply } from '@sluice/shared/api';
import { type Asked, Given, Route } from '../../platform/http/route.js';
import { KillSwitchesService } from './kill-switches.service.js';

@Controller()
export class KillSwitchesController {
  constructor(private readonly switches: KillSwitchesService) {}

  @Route(killSwitchesApi.list)
  async list(
    @Given() { actor, query }: Asked<typeof killSwitchesApi.list>,
  ): Promise<Reply<typeof killSwitchesApi.list>> {
    const items = await this.switches.list(actor.workspace, query);
    return { items, next: items.length === query.limit ? (items.at(-1)?.id ?? null) : null };
  }

  @Route(killSwitchesApi.set)
  async set(@Given() { actor, body }: Asked<typeof killSwitchesApi.set>): Promise<Reply<typeof killSwitchesApi.set>> {
    return await this.switches.set(actor, body);
  }

  @Route(killSwitchesApi.release)
  async release(
    @Given() { actor, params }: Asked<typeof killSwitchesApi.release>,
  ): Promise<Reply<typeof killSwitchesApi.release>> {
    return await this.switches.release(actor, params.id);
  }
}
