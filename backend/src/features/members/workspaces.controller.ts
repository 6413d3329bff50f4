import { Controller } from '@nestjs/common';
import { type Reply, workspacesApi } from '@sluice/shared/api';
import { type Asked, Given, Route } from '../../platform/http/route.js';
import { WorkspacesService } from './workspaces.service.js';

@Controller()
export class WorkspacesController {
  constructor(private readonly workspaces: WorkspacesService) {}

  @Route(workspacesApi.create)
  async create(
    @Given() { actor, body }: Asked<typeof workspacesApi.create>,
  ): Promise<Reply<typeof workspacesApi.create>> {
    return await this.workspaces.create(actor, body);
  }
}
