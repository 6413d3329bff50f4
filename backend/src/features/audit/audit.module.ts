import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { join } from 'node:path';
import { dataFolder } from '../../platform/tokens.js';
import { AuditCheckService } from './audit-check.service.js';
import { AuditController } from './audit.controller.js';
import { AuditEntryEntity } from './audit-entry.entity.js';
import { AuditRepository } from './audit.repository.js';
import { AuditService } from './audit.service.js';
import { CheckpointFile } from './seal/checkpoint-file.js';
import { CheckpointService } from './seal/checkpoint.service.js';
import { SealRepository } from './seal/seal.repository.js';
import { SealerService } from './seal/sealer.service.js';
import { TreeProofs } from './seal/tree-proofs.js';

/** In the data folder, beside the root key. */
const checkpointFile = 'audit-checkpoint';

@Module({
  imports: [TypeOrmModule.forFeature([AuditEntryEntity])],
  controllers: [AuditController],
  providers: [
    AuditRepository,
    AuditService,
    AuditCheckService,
    SealRepository,
    TreeProofs,
    SealerService,
    CheckpointService,
    {
      provide: CheckpointFile,
      inject: [dataFolder],
      useFactory: (folder: string) => new CheckpointFile(join(folder, checkpointFile)),
    },
  ],
})
export class AuditModule {}
