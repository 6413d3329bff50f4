import { Controller } from '@nestjs/common';
import { runsApi } from '@sluice/shared/api';
import { openEventStream } from '../../platform/http/event-stream.js';
import { type Asked, Given, Route } from '../../platform/http/route.js';
import { LiveService } from './live.service.js';

@Controller()
export class LiveController {
  constructor(private readonly live: LiveService) {}

  @Route(runsApi.live)
  stream(@Given() { res }: Asked<typeof runsApi.live>): void {
    this.live.follow(openEventStream(res));
  }
}
