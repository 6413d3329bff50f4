import { Inject, Injectable } from '@nestjs/common';
import type { NoticeDelivery } from '@sluice/shared/api';
import { DataSource } from 'typeorm';
import { Broker, claimOfNoFlow, type BrokerAnswer, type BrokerRequest } from '../../broker/call.js';
import { Journal } from '../../journal/journal.js';
import type { Actor } from '../../platform/actor.js';
import { Clock } from '../../platform/clock.js';
import { readTimeCursor, timeCursor } from '../../platform/http/time-cursor.js';
import { Problem } from '../../platform/problem.js';
import { publicOrigin } from '../../platform/tokens.js';
import { memberEntry } from '../member-entry.js';
import { DeliveriesRepository, type DeliveryRow, type DueDelivery } from './deliveries.repository.js';
import { mailOf } from './notice-mail.js';
import { linkOf, titleOf } from './notice-words.js';
import { NoticesService } from './notices.service.js';

const tryMs = 60_000;
const mostTries = 8;
/** After the first failed try; twice as long after each other, an hour at most: eight tries take about two hours. */
const firstPauseMs = 30_000;
const longestPauseMs = 3_600_000;

/** What became of one try. */
type Result = { ok: true } | { ok: false; error: string; isFinal: boolean; afterMs?: number };

/** Sends what is due, and shows what came of it. */
@Injectable()
export class DeliveriesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly deliveries: DeliveriesRepository,
    private readonly notices: NoticesService,
    private readonly journal: Journal,
    private readonly broker: Broker,
    private readonly clock: Clock,
    @Inject(publicOrigin) private readonly origin: string,
  ) {}

  /** Makes what is due; answers how many that were. */
  async deliver(limit = 10): Promise<number> {
    const now = this.clock.date();
    const due = await this.deliveries.take(limit, { now, until: new Date(now.getTime() + 2 * tryMs) });
    await Promise.all(due.map(async (delivery) => this.settle(delivery, await this.attempt(delivery))));
    return due.length;
  }

  async list(
    workspace: string,
    { status, cursor, limit }: { status?: string | undefined; cursor?: string | undefined; limit: number },
  ): Promise<{ items: NoticeDelivery[]; next: string | null }> {
    const rows = await this.deliveries.list(workspace, { status, after: readTimeCursor(cursor), limit });
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return { items: rows.map(toReply), next: last === undefined ? null : timeCursor(last.createdAt, last.id) };
  }

  /** Mails to a member that could not be delivered. */
  async countFailed(member: string): Promise<number> {
    return await this.deliveries.countFailed(member);
  }

  /** Throws `delivery.unknown`. */
  async retry(actor: Actor, id: string): Promise<NoticeDelivery> {
    await this.dataSource.transaction(async (tx) => {
      const found = await this.deliveries.retry(tx, actor.workspace, { id, now: this.clock.date() });
      if (!found) throw new Problem('delivery.unknown');
      await this.notices.wake(tx);
      await this.journal.record(tx, [memberEntry(actor, 'notice.retried', { subject: { kind: 'delivery', id } })]);
    });
    const [row] = await this.deliveries.list(actor.workspace, { id, after: null, limit: 1 });
    if (row === undefined) throw new Problem('delivery.unknown');
    return toReply(row);
  }

  private async attempt(delivery: DueDelivery): Promise<Result> {
    if (delivery.channel === 'mail' && delivery.email === null)
      return { ok: false, error: 'The member is no longer active.', isFinal: true };
    const request = requestOf(delivery, this.origin);
    const { workspace, channel, attempts: attempt } = delivery;
    const of = { workspace, environment: '', connection: `notice:${channel}`, connector: 'notice', hosts: [] };
    const deadline = this.clock.now() + tryMs;
    const capability = this.broker.mint(claimOfNoFlow(of, { call: 'SEND mail', deadline, attempt }));
    return judge(await this.broker.call(capability, request));
  }

  private async settle(delivery: DueDelivery, result: Result): Promise<void> {
    const { id, attempts, workspace, channel, member } = delivery;
    const now = this.clock.date();
    await this.dataSource.transaction(async (tx) => {
      if (result.ok) return await this.deliveries.settle(tx, id, { status: 'sent', error: null, endedAt: now });
      const { error } = result;
      if (!result.isFinal && attempts < mostTries) {
        const pause = Math.min(firstPauseMs * 2 ** (attempts - 1), longestPauseMs);
        const dueAt = new Date(now.getTime() + Math.max(pause, result.afterMs ?? 0));
        return await this.deliveries.settle(tx, id, { status: 'due', error, dueAt, endedAt: null });
      }
      await this.deliveries.settle(tx, id, { status: 'failed', error, endedAt: now });
      await this.notices.tell(tx, {
        workspace,
        kind: 'notice.undelivered',
        about: { kind: 'workspace', id: workspace },
        audience: { roles: ['admin', 'owner'], ...(member === null ? {} : { members: [member] }) },
      });
      await this.journal.record(tx, [
        {
          workspace,
          actor: { kind: 'system', id: 'notices' },
          action: 'notice.undelivered',
          subject: { kind: 'delivery', id },
          detail: { channel, attempts, member, of: delivery.kind },
        },
      ]);
    });
  }
}

function requestOf(delivery: DueDelivery, origin: string): BrokerRequest {
  const { id, email, workspaceName, workspace, firstAt, lastAt, kind, about, count } = delivery;
  if (delivery.channel === 'mail')
    return {
      kind: 'notice-mail',
      message: mailOf(delivery, { id, to: email ?? '', workspace: workspaceName, origin, firstAt }),
    };
  const { flow, environment, run } = about;
  const body = {
    type: kind,
    timestamp: lastAt.toISOString(),
    data: {
      workspace,
      title: titleOf(delivery),
      count,
      about: { kind: about.kind, id: about.id, flow, environment, run },
      link: `${origin}${linkOf(delivery)}`,
    },
  };
  return { kind: 'notice-call', id, body: JSON.stringify(body) };
}

function judge(answer: BrokerAnswer): Result {
  if (!answer.ok) {
    const { kind, message, retryAfterSeconds } = answer.failure;
    const after = retryAfterSeconds === undefined ? {} : { afterMs: retryAfterSeconds * 1000 };
    return { ok: false, error: message, isFinal: kind === 'refused' && retryAfterSeconds === undefined, ...after };
  }
  if (answer.kind === 'mail') {
    const { accepted, response } = answer.receipt;
    return accepted.length > 0
      ? { ok: true }
      : { ok: false, error: `The mail server said: ${response}`, isFinal: true };
  }
  if (answer.kind !== 'http')
    return { ok: false, error: 'The broker answered another kind of request.', isFinal: true };
  const { status } = answer.reply;
  if (status >= 200 && status < 300) return { ok: true };
  // Standard Webhooks: 410 says that nobody listens there any more.
  return { ok: false, error: `The webhook answered ${status}.`, isFinal: status === 410 };
}

function toReply(row: DeliveryRow): NoticeDelivery {
  return {
    id: row.id,
    channel: row.channel,
    member: row.member === null ? null : { id: row.member, name: row.memberName ?? row.member },
    title: titleOf(row),
    status: row.status,
    attempts: row.attempts,
    dueAt: row.status === 'due' ? row.dueAt.toISOString() : null,
    error: row.error,
    createdAt: row.createdAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}
