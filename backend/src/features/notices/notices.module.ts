import { Module } from '@nestjs/common';
import { DeliveriesRepository } from './deliveries.repository.js';
import { DeliveriesService } from './deliveries.service.js';
import { DeputiesService } from './deputies.service.js';
import { NoticeRounds } from './notice-rounds.js';
import { NoticeWebhookService } from './notice-webhook.service.js';
import { NoticesController } from './notices.controller.js';
import { NoticesRepository } from './notices.repository.js';
import { NoticesService } from './notices.service.js';

/** What members are told of: in the product, by mail and by the workspace's webhook. */
@Module({
  controllers: [NoticesController],
  providers: [
    NoticesRepository,
    NoticesService,
    DeliveriesRepository,
    DeliveriesService,
    NoticeWebhookService,
    DeputiesService,
    NoticeRounds,
  ],
  exports: [NoticesService],
})
export class NoticesModule {}
