import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ActivationModule } from '../deployments/activation.module.js';
import { ConnectorsModule } from '../connectors/connectors.module.js';
import { EnvironmentsModule } from '../environments/environments.module.js';
import { FlowsModule } from '../flows/flows.module.js';
import { MembersModule } from '../members/members.module.js';
import { NoticesModule } from '../notices/notices.module.js';
import { DecisionsService } from './decisions.service.js';
import { EndingsService } from './endings.service.js';
import { GrantEntity } from './grant.entity.js';
import { ReviewsController } from './reviews.controller.js';
import { ReviewsRepository } from './reviews.repository.js';
import { ReviewsService } from './reviews.service.js';
import { GrantsController } from './grants.controller.js';
import { GrantsService } from './grants.service.js';
import { OverdueService } from './overdue.service.js';
import { GrantRequestsModule } from './grant-requests.module.js';
import { PoliciesController } from './policies.controller.js';
import { PoliciesService } from './policies.service.js';

/** The installation provides `soloApprovalDelay`. */
@Module({
  imports: [
    TypeOrmModule.forFeature([GrantEntity]),
    ConnectorsModule,
    GrantRequestsModule,
    ActivationModule,
    FlowsModule,
    MembersModule,
    EnvironmentsModule,
    NoticesModule,
  ],
  controllers: [GrantsController, ReviewsController, PoliciesController],
  providers: [
    GrantsService,
    DecisionsService,
    EndingsService,
    PoliciesService,
    OverdueService,
    ReviewsRepository,
    ReviewsService,
  ],
  exports: [GrantsService],
})
export class GrantsModule {}
