import { Module } from '@nestjs/common';
import { RetentionService } from './retention.service.js';

/** How long what grows with traffic is kept. */
@Module({ providers: [RetentionService] })
export class RetentionModule {}
