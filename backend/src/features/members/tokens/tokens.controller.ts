import { Controller } from '@nestjs/common';
import { type Reply, tokensApi } from '@sluice/shared/api';
import { type Asked, Given, Route } from '../../../platform/http/route.js';
import { TokensService } from './tokens.service.js';

@Controller()
export class TokensController {
  constructor(private readonly tokens: TokensService) {}

  @Route(tokensApi.list)
  async list(@Given() { actor, query }: Asked<typeof tokensApi.list>): Promise<Reply<typeof tokensApi.list>> {
    const items = await this.tokens.list(actor, query);
    return { items, next: items.length === query.limit ? (items.at(-1)?.id ?? null) : null };
  }

  @Route(tokensApi.create)
  async create(@Given() { actor, body }: Asked<typeof tokensApi.create>): Promise<Reply<typeof tokensApi.create>> {
    return await this.tokens.create(actor, body);
  }

  @Route(tokensApi.revoke)
  async revoke(@Given() { actor, params }: Asked<typeof tokensApi.revoke>): Promise<Reply<typeof tokensApi.revoke>> {
    return await this.tokens.revoke(actor, params.id);
  }
}
