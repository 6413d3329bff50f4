import { Module } from '@nestjs/common';
import { NoticesService } from './notices.service.js';

/** What members are told of: in the product, by mail and by the workspace's webhook. */
@Module({ providers: [NoticesService], exports: [NoticesService] })
export class NoticesModule {}
