import { Module } from '@nestjs/common';
import { RunsModule } from '../../runs/runs.module.js';
import { AuditModule } from '../audit.module.js';
import { RunShareController } from './run-share.controller.js';
import { RunShareService } from './run-share.service.js';

@Module({
  imports: [AuditModule, RunsModule],
  controllers: [RunShareController],
  providers: [RunShareService],
})
export class RunShareModule {}
