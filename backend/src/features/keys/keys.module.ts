import { Module } from '@nestjs/common';
import { KeysController } from './keys.controller.js';
import { KeysService } from './keys.service.js';
import { RewrappingService } from './rewrapping.service.js';

@Module({ controllers: [KeysController], providers: [KeysService, RewrappingService] })
export class KeysModule {}
