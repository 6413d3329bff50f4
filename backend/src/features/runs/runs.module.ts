import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ConnectorsModule } from '../connectors/connectors.module.js';
import { EnvironmentsModule } from '../environments/environments.module.js';
import { FlowsModule } from '../flows/flows.module.js';
import { MembersModule } from '../members/members.module.js';
import { AsksRepository } from './asks.repository.js';
import { BulkRetriesController } from './bulk/bulk-retries.controller.js';
import { BulkRetryEntity } from './bulk/bulk-retry.entity.js';
import { BulkRetryRepository } from './bulk/bulk-retry.repository.js';
import { BulkRetryRounds } from './bulk/bulk-retry-rounds.js';
import { BulkRetryService } from './bulk/bulk-retry.service.js';
import { RunCountsController } from './counts/run-counts.controller.js';
import { RunCountsRepository } from './counts/run-counts.repository.js';
import { RunCountsService } from './counts/run-counts.service.js';
import { DecisionsService } from './decisions.service.js';
import { FilesService } from './files.service.js';
import { RevealService } from './reveal.service.js';
import { DeadLettersController } from './letters/dead-letters.controller.js';
import { DeadLettersRepository } from './letters/dead-letters.repository.js';
import { DeadLettersService } from './letters/dead-letters.service.js';
import { RunEntity } from './run.entity.js';
import { RunsController } from './runs.controller.js';
import { RunsRepository } from './runs.repository.js';
import { RunsService } from './runs.service.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([RunEntity, BulkRetryEntity]),
    ConnectorsModule,
    EnvironmentsModule,
    FlowsModule,
    MembersModule,
  ],
  controllers: [RunsController, BulkRetriesController, DeadLettersController, RunCountsController],
  providers: [
    RunsRepository,
    AsksRepository,
    RunsService,
    DecisionsService,
    RevealService,
    FilesService,
    BulkRetryRepository,
    BulkRetryService,
    BulkRetryRounds,
    DeadLettersRepository,
    DeadLettersService,
    RunCountsRepository,
    RunCountsService,
  ],
  exports: [RunsService],
})
export class RunsModule {}
