import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { KeysController } from './keys.controller.js';
import { KeysService } from './keys.service.js';
import { RewrappingService } from './rewrapping.service.js';

@Module({ imports: [AuditModule], controllers: [KeysController], providers: [KeysService, RewrappingService] })
export class KeysModule {}
