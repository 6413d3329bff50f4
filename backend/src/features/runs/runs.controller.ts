import { pipeline } from 'node:stream/promises';
import { Controller } from '@nestjs/common';
import { type Reply, runsApi } from '@sluice/shared/api';
import { MemberLookup } from '../../platform/http/access.guard.js';
import { openEventStream } from '../../platform/http/event-stream.js';
import { type Asked, Given, Route } from '../../platform/http/route.js';
import { isStillSignedIn } from '../../platform/http/still-signed-in.js';
import { sendFile } from '../../platform/http/send-file.js';
import { DecisionsService } from './decisions.service.js';
import { FilesService } from './files.service.js';
import { RevealService } from './reveal.service.js';
import { RunsService } from './runs.service.js';

@Controller()
export class RunsController {
  constructor(
    private readonly runs: RunsService,
    private readonly members: MemberLookup,
    private readonly decisions: DecisionsService,
    private readonly reveals: RevealService,
    private readonly files: FilesService,
  ) {}

  @Route(runsApi.list)
  async list(@Given() { actor, query }: Asked<typeof runsApi.list>): Promise<Reply<typeof runsApi.list>> {
    const { limit, cursor, ...filter } = query;
    return await this.runs.list(actor.workspace, filter, { cursor, limit });
  }

  @Route(runsApi.get)
  async get(@Given() { actor, params }: Asked<typeof runsApi.get>): Promise<Reply<typeof runsApi.get>> {
    return await this.runs.get(actor, params.id);
  }

  @Route(runsApi.reveal)
  async reveal(@Given() { actor, params, body }: Asked<typeof runsApi.reveal>): Promise<Reply<typeof runsApi.reveal>> {
    return await this.reveals.reveal(actor, params.id, body);
  }

  @Route(runsApi.download)
  async download(@Given() { actor, params, body, res }: Asked<typeof runsApi.download>): Promise<void> {
    const { handle, content } = await this.files.download(actor, { ...params, ...body });
    sendFile(res, handle);
    await pipeline(content, res);
  }

  @Route(runsApi.events)
  async events(@Given() { actor, params, req, res }: Asked<typeof runsApi.events>): Promise<void> {
    // Before the stream opens, so that an unknown run is a 404 and not an empty stream.
    await this.runs.get(actor, params.id);
    const stream = openEventStream(res, () => isStillSignedIn(req, this.members));
    await this.runs.follow(actor, params.id, stream);
  }

  @Route(runsApi.passes)
  async passes(@Given() { actor, params, query }: Asked<typeof runsApi.passes>): Promise<Reply<typeof runsApi.passes>> {
    const { step, cursor, limit } = query;
    return await this.runs.passes(actor.workspace, params.id, { step, cursor, limit });
  }

  @Route(runsApi.calls)
  async calls(@Given() { actor, params, query }: Asked<typeof runsApi.calls>): Promise<Reply<typeof runsApi.calls>> {
    return await this.runs.calls(actor.workspace, params.id, { cursor: query.cursor, limit: query.limit });
  }

  @Route(runsApi.around)
  async around(@Given() { actor, params }: Asked<typeof runsApi.around>): Promise<Reply<typeof runsApi.around>> {
    return await this.runs.around(actor.workspace, params.id, params.stepId);
  }

  @Route(runsApi.stepEntries)
  async stepEntries(
    @Given() { actor, params, query }: Asked<typeof runsApi.stepEntries>,
  ): Promise<Reply<typeof runsApi.stepEntries>> {
    return await this.runs.stepEntries(actor.workspace, params, { cursor: query.cursor, limit: query.limit });
  }

  @Route(runsApi.decisions)
  async listDecisions(
    @Given() { actor, query }: Asked<typeof runsApi.decisions>,
  ): Promise<Reply<typeof runsApi.decisions>> {
    return await this.decisions.list(actor, { cursor: query.cursor, limit: query.limit });
  }

  @Route(runsApi.decide)
  async decide(@Given() { actor, params, body }: Asked<typeof runsApi.decide>): Promise<Reply<typeof runsApi.decide>> {
    return await this.runs.decide(actor, params, body);
  }

  @Route(runsApi.planRetry)
  async planRetry(
    @Given() { actor, params, query }: Asked<typeof runsApi.planRetry>,
  ): Promise<Reply<typeof runsApi.planRetry>> {
    return await this.runs.planRetry(actor, params.id, query);
  }

  @Route(runsApi.retry)
  async retry(@Given() { actor, params, body }: Asked<typeof runsApi.retry>): Promise<Reply<typeof runsApi.retry>> {
    return await this.runs.retry(actor, params.id, body);
  }

  @Route(runsApi.cancel)
  async cancel(@Given() { actor, params }: Asked<typeof runsApi.cancel>): Promise<Reply<typeof runsApi.cancel>> {
    return await this.runs.cancel(actor, params.id);
  }

  @Route(runsApi.resolve)
  async resolve(
    @Given() { actor, params, body }: Asked<typeof runsApi.resolve>,
  ): Promise<Reply<typeof runsApi.resolve>> {
    return await this.runs.resolve(actor, params, body.happened);
  }
}
