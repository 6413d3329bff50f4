import { Controller } from '@nestjs/common';
import { membersApi, type Reply } from '@sluice/shared/api';
import { Clock } from '../../platform/clock.js';
import { assertSteppedUp } from '../../platform/http/access.guard.js';
import { type Asked, Given, Route } from '../../platform/http/route.js';
import { SetupLinksService } from './sign-in/setup-links.service.js';
import { MembersService, needsStepUp } from './members.service.js';

@Controller()
export class MembersController {
  constructor(
    private readonly members: MembersService,
    private readonly links: SetupLinksService,
    private readonly clock: Clock,
  ) {}

  @Route(membersApi.list)
  async list(@Given() { actor, query }: Asked<typeof membersApi.list>): Promise<Reply<typeof membersApi.list>> {
    const items = await this.members.list(actor.workspace, query.cursor ?? null, query.limit);
    return { items, next: items.length === query.limit ? (items.at(-1)?.id ?? null) : null };
  }

  @Route(membersApi.invite)
  async invite(
    @Given() { actor, body, req }: Asked<typeof membersApi.invite>,
  ): Promise<Reply<typeof membersApi.invite>> {
    if (needsStepUp([...body.roles, ...Object.values(body.environmentRoles).flat()])) assertSteppedUp(req, this.clock);
    const { member, setupUrl } = await this.members.invite(actor, body, (tx, id) => this.links.create(tx, id));
    return { ...member, setupUrl };
  }

  @Route(membersApi.update)
  async update(
    @Given() { actor, params, body }: Asked<typeof membersApi.update>,
  ): Promise<Reply<typeof membersApi.update>> {
    return await this.members.update(actor, params.id, body);
  }
}
