import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RefusalLog } from '../../platform/http/problem.filter.js';
import { HousekeepingService } from './housekeeping.service.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import { IdempotencyKeyEntity } from './idempotency-key.entity.js';
import { IdempotencyRepository } from './idempotency.repository.js';
import { RefusalsService } from './refusals.service.js';

/** What holds for every request: refusals leave an audit event, repeated writes get the first answer. */
@Module({
  imports: [TypeOrmModule.forFeature([IdempotencyKeyEntity])],
  providers: [
    HousekeepingService,
    IdempotencyRepository,
    IdempotencyInterceptor,
    { provide: RefusalLog, useClass: RefusalsService },
  ],
  exports: [IdempotencyRepository, IdempotencyInterceptor, RefusalLog],
})
export class RequestsModule {}
