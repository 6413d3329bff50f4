import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { FlowsModule } from '../flows/flows.module.js';
import { MembersModule } from '../members/members.module.js';
import { AsksRepository } from './asks.repository.js';
import { DecisionsService } from './decisions.service.js';
import { RevealService } from './reveal.service.js';
import { RunEntity } from './run.entity.js';
import { RunsController } from './runs.controller.js';
import { RunsRepository } from './runs.repository.js';
import { RunsService } from './runs.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([RunEntity]), FlowsModule, MembersModule],
  controllers: [RunsController],
  providers: [RunsRepository, AsksRepository, RunsService, DecisionsService, RevealService],
})
export class RunsModule {}
