import { Controller } from '@nestjs/common';
import { type Reply, runsApi } from '@sluice/shared/api';
import { type Asked, Given, Route } from '../../../platform/http/route.js';
import { RunShareService } from './run-share.service.js';

@Controller()
export class RunShareController {
  constructor(private readonly shares: RunShareService) {}

  @Route(runsApi.share)
  async share(@Given() { actor, params }: Asked<typeof runsApi.share>): Promise<Reply<typeof runsApi.share>> {
    return await this.shares.share(actor, params.id);
  }
}
