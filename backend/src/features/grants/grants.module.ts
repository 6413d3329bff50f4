import { Module } from '@nestjs/common';
import { ActivationModule } from '../deployments/activation.module.js';
import { FlowsModule } from '../flows/flows.module.js';
import { MembersModule } from '../members/members.module.js';
import { DecisionsService } from './decisions.service.js';
import { GrantsController } from './grants.controller.js';
import { GrantsService } from './grants.service.js';
import { GrantRequestsModule } from './grant-requests.module.js';

/** The installation provides `soloApprovalDelay`. */
@Module({
  imports: [GrantRequestsModule, ActivationModule, FlowsModule, MembersModule],
  controllers: [GrantsController],
  providers: [GrantsService, DecisionsService],
  exports: [GrantsService],
})
export class GrantsModule {}
