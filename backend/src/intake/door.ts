import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Engine } from '../engine/engine.js';
import type { Journal } from '../journal/journal.js';
import type { NewEntry, NewEvent } from '../journal/records.js';
import type { Clock } from '../platform/clock.js';
import { newId } from '../platform/ids.js';
import type { Log } from '../platform/log.js';
import { KeyServiceAway } from '../platform/keys/key-service.js';
import { Problem } from '../platform/problem.js';
import { explainStop, findStop, type Stops } from '../platform/stops.js';
import { sendIds, sendRefusal, sendReply, sendText } from './answer.js';
import { type Endpoint, type Endpoints } from './endpoints.js';
import { judge, type Judgement, type Patience } from './judge.js';
import { newsOf } from './news-of.js';
import { RefusalLog } from './refusal-log.js';
import { type RefusalCode, refusals } from './refusals.js';
import { isListed } from '../platform/http/address-list.js';
import { senderAddress } from './sender-address.js';
import type { Uploads } from './uploads.js';
import { type Rate, TokenBuckets } from './token-buckets.js';
import { triggerScope } from './trigger-scope.js';
import type { Check } from './verify.js';

export interface DoorOptions {
  engine: Engine;
  endpoints: Endpoints;
  stops: Stops;
  journal: Journal;
  clock: Clock;
  log: Log;
  /** PUBLIC_URL: some senders sign the address. */
  publicUrl: string;
  /** Deliveries an endpoint takes; 20,000 a second. */
  rate?: Rate;
  /** Wrong deliveries from one address to one endpoint, before it is told to wait; 120, then two each second. */
  refusalRate?: Rate;
  /** How long a body may take to come in; 15 s, a file 60 s. */
  patience?: Patience;
  /** Where files go; without it every body is a value. */
  uploads?: Uploads | null;
  /** How long a caller waits for a respond step; 30 s. */
  replyMs?: number;
}

/** A delivery on its way through the door. */
interface Visit {
  req: IncomingMessage;
  res: ServerResponse;
  endpoint: Endpoint;
  search: string;
  requestId: string;
  address: string;
  receivedAt: number;
  checks: Check[];
}

interface Refusal {
  code: RefusalCode;
  bytes: number;
  retryAfterSeconds?: number;
  /** What members read in the inbox, where it is more than the sender is told. */
  why?: string;
}

/** `POST /hooks/:endpointId`, straight on the listening socket: raw bytes in, an answer only after the commit. */
export class Door {
  private readonly rate: TokenBuckets;
  /** Of endpoints whose flow lets fewer in. */
  private readonly ownRate: TokenBuckets;
  private readonly refusalRate: TokenBuckets;
  private readonly refusalLog: RefusalLog;

  constructor(private readonly options: DoorOptions) {
    const rate = options.rate ?? { burst: 20_000, perSecond: 20_000 };
    [this.rate, this.ownRate] = [new TokenBuckets(rate), new TokenBuckets(rate)];
    this.refusalRate = new TokenBuckets(options.refusalRate ?? { burst: 120, perSecond: 2 });
    this.refusalLog = new RefusalLog(options.journal);
  }

  /** False for a request that is not the door's. */
  readonly handle = (req: IncomingMessage, res: ServerResponse): boolean => {
    const { url = '' } = req;
    if (!url.startsWith('/hooks/')) return false;
    const at = url.indexOf('?');
    const id = url.slice('/hooks/'.length, at === -1 ? undefined : at);
    const requestId = newId('request');
    this.visit(req, res, { id, search: at === -1 ? '' : url.slice(at), requestId }).catch((error: unknown) => {
      const code = turnedAway(error);
      if (code === null) this.options.log.error('a delivery could not be handled', { requestId, error });
      const retryAfterSeconds = code === 'storage.full' ? 3600 : 1;
      sendRefusal(res, code ?? 'server.failed', { requestId, retryAfterSeconds });
    });
    return true;
  };

  private async visit(
    req: IncomingMessage,
    res: ServerResponse,
    { id, search, requestId }: { id: string; search: string; requestId: string },
  ): Promise<void> {
    const { endpoints, stops, engine, clock, journal } = this.options;
    const receivedAt = clock.now();
    const address = senderAddress(req);
    // The whole id and nothing else: no prefix, no suffix, no decoding.
    const endpoint = /^end_[0-9A-Za-z]{8,64}$/.test(id) ? await endpoints.find(id) : null;
    if (endpoint === null) return await this.refuseUnknown(res, { requestId, address, at: receivedAt });
    const visit: Visit = { req, res, endpoint, search, requestId, address, receivedAt, checks: [] };
    // First of all: to whoever may not send nothing else is told.
    if (!isWelcome(visit)) return await this.refuse(visit, { code: 'sender.refused', bytes: 0 });
    if (req.method !== 'POST') return await this.refuse(visit, { code: 'request.wrong_method', bytes: 0 });
    // Of the flow's own rate only what is signed takes a place, so that no stranger fills it.
    const wait = Math.max(this.rate.take(endpoint.id, receivedAt), this.ownWait(visit, 'wait'));
    if (wait > 0) return await this.refuse(visit, { code: 'request.too_many', bytes: 0, retryAfterSeconds: wait });
    if (!engine.hasRoom()) throw new Problem('server.busy');
    // Said once in the log, when it began: a refusal that is stored would fill it further.
    if (journal.isFull(endpoint.workspace)) throw new Problem('storage.full');
    const stop = findStop(await stops.list(endpoint.workspace), endpoint);
    const why = stop === null ? null : explainStop(stop);
    if (why !== null)
      return await this.refuse(visit, { code: 'delivery.stopped', why, bytes: 0, retryAfterSeconds: 60 });
    if (endpoint.deployment === null)
      return await this.refuse(visit, { code: 'deployment.none', bytes: 0, retryAfterSeconds: 60 });
    const url = `${this.options.publicUrl}${req.url ?? ''}`;
    const { uploads = null } = this.options;
    const run = newId('run');
    const sender = `${endpoint.id} ${address}`;
    const isTrusted = this.refusalRate.wait(sender, receivedAt) === 0;
    const place = uploads === null ? null : { uploads, isTrusted, run, keepDays: endpoint.deployment.keepDays };
    const judgement = await judge(req, {
      endpoint,
      url,
      now: () => clock.now(),
      checks: visit.checks,
      place,
      patience: this.options.patience,
    });
    if (judgement.kind === 'gone') return;
    if (judgement.kind === 'handshake') return await this.greet(visit, judgement);
    if (judgement.kind === 'good') return await this.take(visit, judgement, run);
    const patience = this.refusalRate.take(sender, receivedAt);
    if (patience > 0)
      return await this.refuse(visit, {
        code: 'request.too_many',
        bytes: judgement.bytes,
        retryAfterSeconds: patience,
      });
    await this.refuse(visit, judgement);
  }

  /** Seconds until its flow's own rate has a place: looked at, or taken too. */
  private ownWait({ endpoint: { id, config }, receivedAt }: Visit, act: 'wait' | 'take'): number {
    const { perMinute } = config;
    if (perMinute === undefined) return 0;
    return this.ownRate[act](id, receivedAt, { burst: perMinute, perSecond: perMinute / 60 });
  }

  private async take(visit: Visit, good: Extract<Judgement, { kind: 'good' }>, runId: string): Promise<void> {
    const { endpoint, req, res, search, receivedAt, requestId } = visit;
    const { deployment } = endpoint;
    if (deployment === null) throw new Error('A delivery was taken for nothing deployed.');
    const eventId = newId('event');
    const { body, bytes, messageId, file } = good;
    // What can't be dropped goes with its day, and is no answer to the sender.
    const drop = async () => {
      if (file === undefined) return;
      await this.options.uploads
        ?.drop(file, deployment.keepDays)
        .catch((error: unknown) => this.options.log.warn('an upload could not be dropped', { requestId, error }));
    };
    const wait = this.ownWait(visit, 'take');
    if (wait > 0) {
      await drop();
      return await this.refuse(visit, { code: 'request.too_many', bytes, retryAfterSeconds: wait });
    }
    if (good.unwanted !== null) {
      const { reason } = good.unwanted;
      await this.store(visit, { id: eventId, status: 'ignored', bytes, messageId, reason }, 'event.ignored');
      return sendIds(res, 200, { eventId, runId: null });
    }
    const event = this.eventOf(visit, {
      id: eventId,
      status: 'accepted',
      bytes,
      messageId,
      dedupeKey: good.dedupeKey,
      run: runId,
    });
    const trigger = triggerScope(endpoint.hiddenHeaders, {
      body,
      headers: req.headers,
      search,
      id: messageId ?? eventId,
      receivedAt,
    });
    const waits = endpoint.config.respond === 'result' ? newsOf(this.options.replyMs ?? 30_000) : null;
    const accepted = await this.options.engine
      .accept({
        deployment,
        startedBy: 'webhook',
        actor: { kind: 'endpoint', id: endpoint.id },
        eventId,
        event,
        trigger,
        runId,
        ...(file === undefined ? {} : { file }),
        ...(waits === null ? {} : { onNews: waits.tell }),
      })
      .catch(async (error: unknown) => {
        waits?.stop();
        // Of a commit that was left unknown the run may be there, and needs it.
        if (error instanceof Problem && error.code !== 'server.busy') await drop();
        throw error;
      });
    if (accepted.duplicate) {
      waits?.stop();
      await drop();
      const entry = {
        id: eventId,
        status: 'duplicate',
        bytes,
        messageId,
        firstId: accepted.eventId,
        run: accepted.runId,
      } as const;
      await this.store(visit, entry, 'event.duplicate');
      return sendIds(res, 200, { eventId: accepted.eventId, runId: accepted.runId });
    }
    const news = waits === null ? null : await waits.news;
    accepted.forget();
    if (news === null) return sendIds(res, 202, { eventId, runId });
    if (news.kind === 'reply') return sendReply(res, news.reply);
    const done = { status: news.status, eventId, runId };
    // A caller that waits for a result must see that there is none.
    const failed = { code: 'run.failed', message: 'The flow ended without an answer.', requestId, ...done };
    sendReply(
      res,
      news.status === 'succeeded'
        ? { status: 200, headers: {}, body: done }
        : { status: 500, headers: {}, body: failed },
    );
  }

  /** Nothing begins; whoever sets the sender up sees in the inbox that it asked. */
  private async greet(visit: Visit, { bytes, answer }: Extract<Judgement, { kind: 'handshake' }>): Promise<void> {
    const reason = { code: 'webhook.handshake', message: 'The sender checked the address, and was answered.' };
    await this.store(
      visit,
      { id: newId('event'), status: 'ignored', bytes, messageId: null, reason },
      'event.handshake',
    );
    sendText(visit.res, 200, answer);
  }

  private async refuse(visit: Visit, { code, bytes, retryAfterSeconds, why }: Refusal): Promise<void> {
    const [, message] = refusals[code];
    await this.store(
      visit,
      { id: newId('event'), status: 'refused', bytes, messageId: null, reason: { code, message: why ?? message } },
      'event.refused',
    );
    sendRefusal(visit.res, code, { requestId: visit.requestId, retryAfterSeconds });
  }

  private async refuseUnknown(
    res: ServerResponse,
    { requestId, address, at }: { requestId: string; address: string; at: number },
  ): Promise<void> {
    const entry: NewEntry = {
      workspace: null,
      actor: { kind: 'system', id: 'door' },
      action: 'request.refused',
      requestId,
      detail: { code: 'endpoint.unknown', address },
    };
    await this.refusalLog.store(null, { entry, at });
    sendRefusal(res, 'endpoint.unknown', { requestId });
  }

  /** An inbox row that starts nothing, with its line in the log. */
  private async store(visit: Visit, more: EventPart, action: string): Promise<void> {
    const { endpoint, requestId, receivedAt, address } = visit;
    const event = this.eventOf(visit, more);
    const entry: NewEntry = {
      workspace: endpoint.workspace,
      actor: { kind: 'endpoint', id: endpoint.id },
      action,
      subject: { kind: 'event', id: event.id },
      environment: endpoint.environment,
      requestId,
      detail: {
        address,
        ...(event.reason === null ? {} : { code: event.reason.code }),
        ...(event.firstId === null ? {} : { first: event.firstId }),
      },
    };
    await this.refusalLog.store(event, { entry, at: receivedAt });
  }

  private eventOf({ endpoint, address, receivedAt, checks }: Visit, more: EventPart): NewEvent {
    const { workspace, flow, environment, id, scheme, keepDays } = endpoint;
    const place = { workspace, flow, environment, endpoint: id, scheme, address, receivedAt, checks, keepDays };
    return { ...place, reason: null, dedupeKey: null, firstId: null, run: null, ...more };
  }
}

/** Whether its flow takes deliveries from this address. */
function isWelcome({ endpoint, address, checks }: Visit): boolean {
  const { addresses } = endpoint.config;
  if (addresses === undefined) return true;
  const ok = isListed(address, addresses);
  checks.push({ check: 'address', ok, detail: ok ? null : address });
  return ok;
}

type EventPart = Pick<NewEvent, 'id' | 'status' | 'bytes' | 'messageId'> & Partial<NewEvent>;

/** Why nothing new is taken; null for what went wrong. */
function turnedAway(error: unknown): 'server.busy' | 'storage.full' | null {
  // Nothing can be sealed, so nothing is taken.
  if (error instanceof KeyServiceAway) return 'server.busy';
  if (!(error instanceof Problem)) return null;
  return error.code === 'server.busy' || error.code === 'storage.full' ? error.code : null;
}
