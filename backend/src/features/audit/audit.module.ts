import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { join } from 'node:path';
import { Clock } from '../../platform/clock.js';
import { productVersion } from '../../platform/product-version.js';
import { dataFolder, publicOrigin, siem, type Siem } from '../../platform/tokens.js';
import { AuditCheckService } from './audit-check.service.js';
import { AuditController } from './audit.controller.js';
import { AuditEntryEntity } from './audit-entry.entity.js';
import { AuditRepository } from './audit.repository.js';
import { AuditService } from './audit.service.js';
import { CheckpointFile } from './seal/checkpoint-file.js';
import { EntryProofs } from './share/entry-proofs.service.js';
import { EntryShareService } from './share/entry-share.service.js';
import { KeyRotationService } from './seal/key-rotation.service.js';
import { LogAlarm } from './seal/log-alarm.service.js';
import { CheckpointService } from './seal/checkpoint.service.js';
import { SealRepository } from './seal/seal.repository.js';
import { SealerService } from './seal/sealer.service.js';
import { SelfCheckService } from './seal/self-check.service.js';
import { openSink, siemSink } from './siem/siem-sink.js';
import { SiemService } from './siem/siem.service.js';
import { TreeProofs } from './seal/tree-proofs.js';
import { WitnessService } from './seal/witness.service.js';

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
    LogAlarm,
    SealerService,
    SelfCheckService,
    KeyRotationService,
    WitnessService,
    SiemService,
    CheckpointService,
    EntryProofs,
    EntryShareService,
    {
      provide: CheckpointFile,
      inject: [dataFolder],
      useFactory: (folder: string) => new CheckpointFile(join(folder, checkpointFile)),
    },
    {
      provide: siemSink,
      inject: [siem, publicOrigin, Clock],
      useFactory: (settings: Siem | null, origin: string, clock: Clock) =>
        settings &&
        openSink(settings, { version: productVersion, origin: new URL(origin).host }, { now: () => clock.now() }),
    },
  ],
  exports: [
    AuditRepository,
    CheckpointService,
    EntryProofs,
    SealRepository,
    SealerService,
    KeyRotationService,
    WitnessService,
  ],
})
export class AuditModule {}
