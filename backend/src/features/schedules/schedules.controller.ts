import { Controller } from '@nestjs/common';
import { type Reply, schedulesApi } from '@sluice/shared/api';
import { type Asked, Given, Route } from '../../platform/http/route.js';
import { SchedulesService } from './schedules.service.js';

@Controller()
export class SchedulesController {
  constructor(private readonly schedules: SchedulesService) {}

  @Route(schedulesApi.list)
  async list(@Given() { actor }: Asked<typeof schedulesApi.list>): Promise<Reply<typeof schedulesApi.list>> {
    return { items: await this.schedules.list(actor.workspace), next: null };
  }

  @Route(schedulesApi.preview)
  preview(@Given() { query }: Asked<typeof schedulesApi.preview>): Reply<typeof schedulesApi.preview> {
    return this.schedules.preview(query);
  }
}
