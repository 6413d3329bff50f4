import { Controller } from '@nestjs/common';
import { runsApi } from '@sluice/shared/api';
import { MemberLookup } from '../../platform/http/access.guard.js';
import { openEventStream } from '../../platform/http/event-stream.js';
import { type Asked, Given, Route } from '../../platform/http/route.js';
import { isStillSignedIn } from '../../platform/http/still-signed-in.js';
import { LiveService } from './live.service.js';

@Controller()
export class LiveController {
  constructor(
    private readonly live: LiveService,
    private readonly members: MemberLookup,
  ) {}

  @Route(runsApi.live)
  stream(@Given() { req, res }: Asked<typeof runsApi.live>): void {
    this.live.follow(openEventStream(res, () => isStillSignedIn(req, this.members)));
  }
}
