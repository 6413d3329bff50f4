import { Module } from '@nestjs/common';
import { StorageController } from './storage.controller.js';
import { StorageService } from './storage.service.js';

/** What a workspace has stored, against what it may. */
@Module({ controllers: [StorageController], providers: [StorageService] })
export class StorageModule {}
