import { Controller } from '@nestjs/common';
import { type Reply, reviewsApi } from '@sluice/shared/api';
import { type Asked, Given, Route } from '../../platform/http/route.js';
import { ReviewsService } from './reviews.service.js';

@Controller()
export class ReviewsController {
  constructor(private readonly reviews: ReviewsService) {}

  /** All on one page: there are as many as slots that are granted and only partly used. */
  @Route(reviewsApi.list)
  async list(@Given() { actor, query }: Asked<typeof reviewsApi.list>): Promise<Reply<typeof reviewsApi.list>> {
    return { items: await this.reviews.list(actor.workspace, query), next: null };
  }

  @Route(reviewsApi.shrink)
  async shrink(@Given() { actor, body }: Asked<typeof reviewsApi.shrink>): Promise<Reply<typeof reviewsApi.shrink>> {
    return await this.reviews.shrink(actor, body);
  }
}
