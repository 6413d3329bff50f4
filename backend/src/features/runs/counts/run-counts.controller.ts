import { Controller } from '@nestjs/common';
import { type Reply, runCountsApi } from '@sluice/shared/api';
import { type Asked, Given, Route } from '../../../platform/http/route.js';
import { RunCountsService } from './run-counts.service.js';

@Controller()
export class RunCountsController {
  constructor(private readonly counts: RunCountsService) {}

  @Route(runCountsApi.get)
  async get(@Given() { actor, query }: Asked<typeof runCountsApi.get>): Promise<Reply<typeof runCountsApi.get>> {
    return await this.counts.count(actor.workspace, query);
  }
}
