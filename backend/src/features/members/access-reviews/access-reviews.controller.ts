import { Controller } from '@nestjs/common';
import { accessReviewsApi, type Reply } from '@sluice/shared/api';
import { type Asked, Given, Route } from '../../../platform/http/route.js';
import { AccessReviewsService } from './access-reviews.service.js';

@Controller()
export class AccessReviewsController {
  constructor(private readonly reviews: AccessReviewsService) {}

  /** All on one page: there are as many as members. */
  @Route(accessReviewsApi.list)
  async list(@Given() { actor }: Asked<typeof accessReviewsApi.list>): Promise<Reply<typeof accessReviewsApi.list>> {
    return { items: await this.reviews.list(actor), next: null };
  }

  @Route(accessReviewsApi.sign)
  async sign(
    @Given() { actor, body }: Asked<typeof accessReviewsApi.sign>,
  ): Promise<Reply<typeof accessReviewsApi.sign>> {
    return await this.reviews.sign(actor, body);
  }
}
