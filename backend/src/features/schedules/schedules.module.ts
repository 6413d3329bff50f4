import { Module } from '@nestjs/common';
import { FlowsModule } from '../flows/flows.module.js';
import { SchedulesController } from './schedules.controller.js';
import { SchedulesService } from './schedules.service.js';

@Module({ imports: [FlowsModule], controllers: [SchedulesController], providers: [SchedulesService] })
export class SchedulesModule {}
