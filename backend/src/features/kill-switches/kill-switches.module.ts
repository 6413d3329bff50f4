import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ConnectionsModule } from '../connections/connections.module.js';
import { ConnectorsModule } from '../connectors/connectors.module.js';
import { EnvironmentsModule } from '../environments/environments.module.js';
import { FlowsModule } from '../flows/flows.module.js';
import { MembersModule } from '../members/members.module.js';
import { NoticesModule } from '../notices/notices.module.js';
import { KillSwitchEntity } from './kill-switch.entity.js';
import { KillSwitchTargets } from './kill-switch-targets.service.js';
import { KillSwitchesController } from './kill-switches.controller.js';
import { KillSwitchesRepository } from './kill-switches.repository.js';
import { KillSwitchesService } from './kill-switches.service.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([KillSwitchEntity]),
    FlowsModule,
    ConnectionsModule,
    ConnectorsModule,
    EnvironmentsModule,
    MembersModule,
    NoticesModule,
  ],
  controllers: [KillSwitchesController],
  providers: [KillSwitchesRepository, KillSwitchTargets, KillSwitchesService],
})
export class KillSwitchesModule {}
