import { Module } from '@nestjs/common';
import { ConnectionsModule } from '../connections/connections.module.js';
import { ConnectorsModule } from '../connectors/connectors.module.js';
import { EnvironmentsModule } from '../environments/environments.module.js';
import { FlowsModule } from '../flows/flows.module.js';
import { GrantsModule } from '../grants/grants.module.js';
import { GrantRequestsModule } from '../grants/grant-requests.module.js';
import { ActivationModule } from './activation.module.js';
import { DeploymentsController } from './deployments.controller.js';
import { DeploymentsService } from './deployments.service.js';
import { EndpointSecretsService } from './endpoint-secrets.service.js';
import { EndpointsService } from './endpoints.service.js';
import { PollsRepository } from './polls.repository.js';
import { PollsService } from './polls.service.js';
import { TrialsService } from './trials.service.js';

@Module({
  imports: [
    ActivationModule,
    FlowsModule,
    EnvironmentsModule,
    ConnectionsModule,
    ConnectorsModule,
    GrantRequestsModule,
    GrantsModule,
  ],
  controllers: [DeploymentsController],
  providers: [
    DeploymentsService,
    TrialsService,
    EndpointsService,
    EndpointSecretsService,
    PollsService,
    PollsRepository,
  ],
})
export class DeploymentsModule {}
