import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ConnectorsModule } from '../connectors/connectors.module.js';
import { NoticesModule } from '../notices/notices.module.js';
import { GrantEntity } from './grant.entity.js';
import { GrantsRepository } from './grants.repository.js';
import { GrantRequestsService } from './grant-requests.service.js';

/** Apart from GrantsModule, which needs flows, which need this. */
@Module({
  imports: [TypeOrmModule.forFeature([GrantEntity]), ConnectorsModule, NoticesModule],
  providers: [GrantsRepository, GrantRequestsService],
  exports: [GrantsRepository, GrantRequestsService],
})
export class GrantRequestsModule {}
