import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ConnectorsModule } from '../connectors/connectors.module.js';
import { EnvironmentsModule } from '../environments/environments.module.js';
import { AuthorizationsService } from './authorizations.service.js';
import { ChoicesService } from './choices.service.js';
import { ConnectionActsService } from './connection-acts.service.js';
import { ConnectionKeeper } from './connection-keeper.js';
import { ConnectionNews } from './connection-news.js';
import { ConnectionSecretsService } from './connection-secrets.service.js';
import { ConnectionVersionEntity } from './connection-version.entity.js';
import { ConnectionVersionsRepository } from './connection-versions.repository.js';
import { ConnectionWarnings } from './connection-warnings.js';
import { NoticesModule } from '../notices/notices.module.js';
import { ConnectionEntity } from './connection.entity.js';
import { ConnectionTest } from './connection-test.js';
import { ConnectionsController } from './connections.controller.js';
import { ConnectionsRepository } from './connections.repository.js';
import { HostKeysService } from './host-keys.service.js';
import { ConnectionsService } from './connections.service.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([ConnectionEntity, ConnectionVersionEntity]),
    ConnectorsModule,
    EnvironmentsModule,
    NoticesModule,
  ],
  controllers: [ConnectionsController],
  providers: [
    ConnectionsRepository,
    ConnectionVersionsRepository,
    ConnectionActsService,
    AuthorizationsService,
    HostKeysService,
    ChoicesService,
    ConnectionNews,
    ConnectionsService,
    ConnectionSecretsService,
    ConnectionTest,
    ConnectionKeeper,
    ConnectionWarnings,
  ],
  exports: [ConnectionsService],
})
export class ConnectionsModule {}
