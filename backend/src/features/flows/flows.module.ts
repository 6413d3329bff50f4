import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ActivationModule } from '../deployments/activation.module.js';
import { ConnectorsModule } from '../connectors/connectors.module.js';
import { EnvironmentsModule } from '../environments/environments.module.js';
import { GrantRequestsModule } from '../grants/grant-requests.module.js';
import { BoundariesService } from './boundaries.service.js';
import { DraftSummaries } from './draft-summaries.js';
import { DraftsService } from './drafts.service.js';
import { FlowActivityRepository } from './flow-activity.repository.js';
import { FlowEntity } from './flow.entity.js';
import { FlowVersionEntity } from './flow-version.entity.js';
import { FlowsController } from './flows.controller.js';
import { FlowsRepository } from './flows.repository.js';
import { FlowsService } from './flows.service.js';
import { PresenceRepository } from './presence.repository.js';
import { PresenceService } from './presence.service.js';
import { VersionsRepository } from './versions.repository.js';
import { VersionsService } from './versions.service.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([FlowEntity, FlowVersionEntity]),
    ActivationModule,
    ConnectorsModule,
    EnvironmentsModule,
    GrantRequestsModule,
  ],
  controllers: [FlowsController],
  providers: [
    FlowsRepository,
    FlowActivityRepository,
    DraftSummaries,
    BoundariesService,
    VersionsRepository,
    FlowsService,
    DraftsService,
    VersionsService,
    PresenceRepository,
    PresenceService,
  ],
  exports: [FlowsService, DraftsService, VersionsService, BoundariesService],
})
export class FlowsModule {}
