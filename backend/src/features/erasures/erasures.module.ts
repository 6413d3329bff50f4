import { Module } from '@nestjs/common';
import { EnvironmentsModule } from '../environments/environments.module.js';
import { FlowsModule } from '../flows/flows.module.js';
import { MembersModule } from '../members/members.module.js';
import { ErasureJobs } from './erasure-jobs.js';
import { ErasureLooks } from './erasure-looks.js';
import { ErasureRounds } from './erasure-rounds.js';
import { ErasuresController } from './erasures.controller.js';
import { ErasuresRepository } from './erasures.repository.js';
import { ErasuresService } from './erasures.service.js';

@Module({
  imports: [EnvironmentsModule, FlowsModule, MembersModule],
  controllers: [ErasuresController],
  providers: [ErasuresService, ErasuresRepository, ErasureJobs, ErasureLooks, ErasureRounds],
})
export class ErasuresModule {}
