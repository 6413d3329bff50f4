import { Controller } from '@nestjs/common';
import { deploymentsApi, type Reply } from '@sluice/shared/api';
import { Answer, type Asked, Given, Route } from '../../platform/http/route.js';
import { DeploymentsService } from './deployments.service.js';
import { EndpointsService } from './endpoints.service.js';
import { PollsService } from './polls.service.js';
import { TrialsService } from './trials.service.js';

@Controller()
export class DeploymentsController {
  constructor(
    private readonly deployments: DeploymentsService,
    private readonly endpoints: EndpointsService,
    private readonly polls: PollsService,
    private readonly trials: TrialsService,
  ) {}

  @Route(deploymentsApi.list)
  async list(
    @Given() { actor, params, query }: Asked<typeof deploymentsApi.list>,
  ): Promise<Reply<typeof deploymentsApi.list>> {
    const items = await this.deployments.list(actor.workspace, params.id, query);
    return { items, next: items.length === query.limit ? (items.at(-1)?.id ?? null) : null };
  }

  /** 201 runs, 202 waits for approval. */
  @Route(deploymentsApi.deploy)
  async deploy(@Given() { actor, params, body }: Asked<typeof deploymentsApi.deploy>): Promise<Answer> {
    const deployment: Reply<typeof deploymentsApi.deploy> = await this.deployments.deploy(actor, params.id, body);
    return new Answer(deployment.status === 'active' ? 201 : 202, deployment);
  }

  @Route(deploymentsApi.endpoints)
  async listEndpoints(
    @Given() { actor, params }: Asked<typeof deploymentsApi.endpoints>,
  ): Promise<Reply<typeof deploymentsApi.endpoints>> {
    return { items: await this.endpoints.list(actor.workspace, params.id), next: null };
  }

  @Route(deploymentsApi.polls)
  async listPolls(
    @Given() { actor, params }: Asked<typeof deploymentsApi.polls>,
  ): Promise<Reply<typeof deploymentsApi.polls>> {
    return { items: await this.polls.list(actor.workspace, params.id), next: null };
  }

  @Route(deploymentsApi.rotateEndpoint)
  async rotateEndpoint(
    @Given() { actor, params, body }: Asked<typeof deploymentsApi.rotateEndpoint>,
  ): Promise<Reply<typeof deploymentsApi.rotateEndpoint>> {
    return await this.endpoints.rotate(actor, { flow: params.id, id: params.endpointId, ...body });
  }

  @Route(deploymentsApi.run)
  async run(
    @Given() { actor, params, body }: Asked<typeof deploymentsApi.run>,
  ): Promise<Reply<typeof deploymentsApi.run>> {
    return await this.deployments.run(actor, params.id, body);
  }

  @Route(deploymentsApi.try)
  async try(
    @Given() { actor, params, body }: Asked<typeof deploymentsApi.try>,
  ): Promise<Reply<typeof deploymentsApi.try>> {
    return await this.trials.start(actor, params.id, body);
  }
}
