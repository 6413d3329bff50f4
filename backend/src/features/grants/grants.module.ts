import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ActivationModule } from '../deployments/activation.module.js';
import { FlowsModule } from '../flows/flows.module.js';
import { MembersModule } from '../members/members.module.js';
import { DecisionsService } from './decisions.service.js';
import { GrantEntity } from './grant.entity.js';
import { ReviewsController } from './reviews.controller.js';
import { ReviewsRepository } from './reviews.repository.js';
import { ReviewsService } from './reviews.service.js';
import { GrantsController } from './grants.controller.js';
import { GrantsService } from './grants.service.js';
import { OverdueService } from './overdue.service.js';
import { GrantRequestsModule } from './grant-requests.module.js';

/** The installation provides `soloApprovalDelay`. */
@Module({
  imports: [TypeOrmModule.forFeature([GrantEntity]), GrantRequestsModule, ActivationModule, FlowsModule, MembersModule],
  controllers: [GrantsController, ReviewsController],
  providers: [GrantsService, DecisionsService, OverdueService, ReviewsRepository, ReviewsService],
  exports: [GrantsService],
})
export class GrantsModule {}
