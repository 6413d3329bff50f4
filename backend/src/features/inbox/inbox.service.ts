import { Injectable } from '@nestjs/common';
import type { inboxApi, Reply, TriggerEvent } from '@sluice/shared/api';
import { Engine } from '../../engine/engine.js';
import { type Actor, assertMay } from '../../platform/actor.js';
import { Clock } from '../../platform/clock.js';
import { readTimeCursor, tellRest } from '../../platform/http/time-cursor.js';
import { Problem } from '../../platform/problem.js';
import { Stops } from '../../platform/stops.js';
import { assertFree } from '../assert-free.js';
import { FlowsService } from '../flows/flows.service.js';
import { type InboxFilter, InboxRepository } from './inbox.repository.js';
import type { TriggerEventEntity } from './trigger-event.entity.js';

/** The deliveries that came in: each with what became of it, refused ones too. */
@Injectable()
export class InboxService {
  constructor(
    private readonly inbox: InboxRepository,
    private readonly flows: FlowsService,
    private readonly engine: Engine,
    private readonly stops: Stops,
    private readonly clock: Clock,
  ) {}

  async list(
    workspace: string,
    filter: InboxFilter,
    { cursor, limit }: { cursor: string | undefined; limit: number },
  ): Promise<Reply<typeof inboxApi.list>> {
    const page = { after: readTimeCursor(cursor), limit, now: this.clock.now() };
    const { rows, ...rest } = await this.inbox.list(workspace, filter, page);
    const names = await this.flows.names(workspace);
    return { items: rows.map((event) => toReply(event, names)), ...tellRest(rest) };
  }

  /** A new run from what was delivered then; only what was verified then may start one. */
  async replay(actor: Actor, id: string): Promise<{ runId: string }> {
    const event = await this.inbox.find(actor.workspace, id);
    if (event === null) throw new Problem('event.unknown');
    assertMay(actor, 'inbox.replay', event.environment ?? '');
    if (event.erasedAt !== null) throw new Problem('event.erased');
    if (!isReplayable(event)) throw new Problem('event.not_replayable');
    assertFree(await this.stops.list(actor.workspace), { flow: event.flowId, environment: event.environment });
    return await this.engine.replayEvent({ actor, eventId: event.id });
  }
}

function isReplayable(event: TriggerEventEntity): boolean {
  return event.status === 'accepted' && event.runId !== null && event.erasedAt === null;
}

function toReply(event: TriggerEventEntity, names: ReadonlyMap<string, string>): TriggerEvent {
  return {
    id: event.id,
    status: event.status,
    reason: event.reasonCode === null ? null : { code: event.reasonCode, message: event.reasonMessage ?? '' },
    flow: event.flowId === null ? null : { id: event.flowId, name: names.get(event.flowId) ?? '' },
    environment: event.environment,
    endpoint: event.endpointId,
    scheme: event.scheme,
    messageId: event.messageId,
    run: event.runId,
    first: event.firstId,
    address: event.address,
    bytes: event.bytes,
    receivedAt: event.receivedAt.toISOString(),
    checks: event.checks,
    replayable: isReplayable(event),
    erasedAt: event.erasedAt?.toISOString() ?? null,
  };
}
