import { Controller } from '@nestjs/common';
import { deadLettersApi, type Reply } from '@sluice/shared/api';
import { type Asked, Given, Route } from '../../../platform/http/route.js';
import { DeadLettersService } from './dead-letters.service.js';

type Api = typeof deadLettersApi;

@Controller()
export class DeadLettersController {
  constructor(private readonly letters: DeadLettersService) {}

  @Route(deadLettersApi.counts)
  async counts(@Given() { actor }: Asked<Api['counts']>): Promise<Reply<Api['counts']>> {
    return await this.letters.counts(actor);
  }

  @Route(deadLettersApi.close)
  async close(@Given() { actor, params, body }: Asked<Api['close']>): Promise<Reply<Api['close']>> {
    return await this.letters.changeOne(actor, params.id, body.reason);
  }

  @Route(deadLettersApi.reopen)
  async reopen(@Given() { actor, params }: Asked<Api['reopen']>): Promise<Reply<Api['reopen']>> {
    return await this.letters.changeOne(actor, params.id, null);
  }

  @Route(deadLettersApi.closeAll)
  async closeAll(@Given() { actor, body }: Asked<Api['closeAll']>): Promise<Reply<Api['closeAll']>> {
    return await this.letters.changeAll(actor, body);
  }

  @Route(deadLettersApi.reopenAll)
  async reopenAll(@Given() { actor, body }: Asked<Api['reopenAll']>): Promise<Reply<Api['reopenAll']>> {
    return await this.letters.changeAll(actor, { ...body, reason: null });
  }
}
