import type { Connector, PollItem } from '@sluice/shared/connector';
import type { Json } from '@sluice/shared/lib';
import type { Broker, CallRecord } from '../../broker/call.js';
import { connectors as registry } from '../../connectors/registry.js';
import type { Engine } from '../../engine/engine.js';
import type { Journal } from '../../journal/journal.js';
import type { NewEntry, NewEvent, PollUpdate } from '../../journal/records.js';
import type { Changes } from '../../platform/changes.js';
import type { Clock } from '../../platform/clock.js';
import { newId } from '../../platform/ids.js';
import type { Log } from '../../platform/log.js';
import { Problem } from '../../platform/problem.js';
import { findStop, type Stops } from '../../platform/stops.js';
import { look, type Sight } from './look.js';
import { type Claim, PollStore } from './poll-store.js';
import { causesOf, troubleAfter } from './trouble.js';
import { mark, type Watch, watchOf } from './watch.js';

export interface PollsOptions {
  pool: ConstructorParameters<typeof PollStore>[0];
  engine: Engine;
  journal: Pick<Journal, 'append'>;
  broker: Broker;
  stops: Stops;
  changes: Changes;
  clock: Clock;
  log: Log;
  connectors?: Readonly<Record<string, Connector>>;
  /** Events of one look; 100. The rest become events of the next, which then comes at once. */
  mostItems?: number;
}

type Blind = Extract<Sight, { ok: false }>;

const tickMs = 1000;
/** Looks under way in one process; the others wait for their next tick. */
const mostLooks = 8;
/** Until what could not be stored is tried again. */
const againMs = 60_000;

/**
 * Looks for news where deployed triggers ask for it. Every process that carries runs knows of all of them; whoever takes
 * the turn in the database looks, and the cursor is stored with the last event of a look, never before it. What a process
 * left half done is found again by the items' ids.
 */
export class Polls {
  private readonly store: PollStore;
  private readonly watching: readonly string[];
  private readonly abort = new AbortController();
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly nextAt = new Map<string, number>();
  private readonly forget: (() => void)[];
  private watches: Watch[] = [];
  private loading: Promise<void> | null = null;
  private isStale = true;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly options: PollsOptions) {
    this.store = new PollStore(options.pool);
    const polling = Object.entries(options.connectors ?? registry).filter(([, { triggers }]) =>
      Object.values(triggers).some(({ poll }) => poll !== undefined),
    );
    this.watching = polling.map(([id]) => id);
    // The deployments' own cache listens to the same topics and was there first.
    this.forget = (['deployments', 'grants', 'connections', 'environments', 'flows'] as const).map((topic) =>
      options.changes.on(topic, () => {
        this.isStale = true;
      }),
    );
  }

  start(): void {
    this.timer = setInterval(() => void this.tick(), tickMs).unref();
  }

  async stop(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    for (const forget of this.forget) forget();
    this.abort.abort();
    await this.loading;
    await Promise.all(this.underWay.values());
  }

  /** Looks wherever it is due and settles once that is done. Never rejects. */
  async tick(): Promise<void> {
    if (this.isStale) this.loading ??= this.load().finally(() => (this.loading = null));
    await this.loading;
    const now = this.options.clock.now();
    for (const watch of this.watches) {
      if (this.abort.signal.aborted || this.underWay.size >= mostLooks) break;
      if (this.underWay.has(watch.id) || (this.nextAt.get(watch.id) ?? 0) > now) continue;
      this.underWay.set(
        watch.id,
        this.turn(watch, now)
          .catch((error: unknown) => {
            // The turn stays taken until it runs out, and is found again by then.
            this.options.log.warn('a look for news broke off', { poll: watch.id, error });
            this.nextAt.set(watch.id, now + againMs);
          })
          .finally(() => this.underWay.delete(watch.id)),
      );
    }
    await Promise.all(this.underWay.values());
  }

  private async load(): Promise<void> {
    const { engine, clock, log } = this.options;
    this.isStale = false;
    try {
      const ids = await this.store.listDeployments(this.watching);
      const found = await Promise.all(ids.map((id) => engine.deployments.find(id)));
      const watches = found.flatMap((deployment) => (deployment === null ? [] : (watchOf(deployment) ?? [])));
      for (const watch of watches) await this.store.ensure(watch, clock.now());
      this.watches = watches;
      this.nextAt.clear();
    } catch (error) {
      this.isStale = true;
      log.warn('the triggers that look for news could not be read', { error });
    }
  }

  private async turn(watch: Watch, now: number): Promise<void> {
    const { engine, stops, journal, broker } = this.options;
    const { workspace, flow, environment, slot } = watch;
    const place = { flow, environment, connection: slot.connection, connector: slot.connectorId };
    // It stays due: once the switch is released it looks at once.
    if (findStop(await stops.list(workspace), place) !== null || !engine.hasRoom()) return;
    const claim = await this.store.claim(watch, now);
    if ('later' in claim) return void this.nextAt.set(watch.id, claim.later);
    await journal.append({ entries: [entryOf(watch, 'poll.asked', { turn: claim.turn })] });
    const sight = await look(watch, { cursor: claim.cursor, at: now, broker, signal: this.abort.signal });
    const update = sight.ok
      ? await this.take(watch, { sight, claim, now })
      : await this.giveUp(watch, { failure: sight.failure, records: sight.records, claim, now });
    this.nextAt.set(watch.id, update.dueAt);
  }

  private async take(
    watch: Watch,
    { sight, claim, now }: { sight: Extract<Sight, { ok: true }>; claim: Claim; now: number },
  ): Promise<PollUpdate> {
    const { journal, mostItems = 100 } = this.options;
    const { items, next, warning, records } = sight;
    const known = await this.store.listKnown(
      watch.id,
      items.map((item) => keyOf(watch, item)),
    );
    const fresh = items.filter((item) => !known.has(keyOf(watch, item)));
    const taken = fresh.slice(0, mostItems);
    const left = new Set(fresh.slice(mostItems).map(({ id }) => id));
    const poll: PollUpdate = {
      id: watch.id,
      turn: claim.turn,
      cursor: JSON.stringify(next(left)),
      lookedAt: now,
      dueAt: left.size > 0 ? now : now + watch.everyMs,
      trouble: warning === null ? null : { code: 'poll.partial', message: warning, since: now, times: 0 },
    };
    const detail = { turn: claim.turn, calls: callsOf(records), items: items.length, events: taken.length };
    const answered = entryOf(watch, 'poll.answered', detail);
    await journal.append({ entries: [answered], ...(taken.length === 0 && { poll }) });
    let trouble = poll.trouble;
    for (const [at, item] of taken.entries()) {
      const last = at === taken.length - 1;
      try {
        await this.accept(watch, item, last ? { ...poll, trouble } : null);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (error.code === 'request.too_large') {
          // It would be as large at the next look: it is refused alone, and the others go on.
          trouble = { code: 'poll.partial', message: `${error.message} ${tooLargeAdvice}`, since: now, times: 0 };
          await this.refuse(watch, { item, error }, last ? { ...poll, trouble } : null);
          continue;
        }
        const failure = { code: error.code, message: error.message, mayRetry: true, uncertain: false };
        return await this.giveUp(watch, { failure, records: [], claim, now });
      }
    }
    return poll;
  }

  /** An event and its run, and how far the trigger has come with it: one commit. */
  private async accept(watch: Watch, item: PollItem, poll: PollUpdate | null): Promise<void> {
    const { engine, clock } = this.options;
    const [runId, receivedAt] = [newId('run'), clock.now()];
    const event = { ...eventOf(watch, item, receivedAt), run: runId };
    const { id: eventId, messageId: id } = event;
    await engine.accept({
      deployment: watch.deployment,
      startedBy: 'poll',
      actor: { kind: 'system', id: 'poll' },
      eventId,
      event,
      ...(poll !== null && { poll }),
      trigger: { body: item.body, headers: {}, query: {}, id, receivedAt: new Date(receivedAt).toISOString() },
      runId,
    });
  }

  /** In the inbox with its reason, and known from then on, so that the next look doesn't refuse it again. */
  private async refuse(
    watch: Watch,
    { item, error }: { item: PollItem; error: Problem },
    poll: PollUpdate | null,
  ): Promise<void> {
    const { code, message } = error;
    const event: NewEvent = {
      ...eventOf(watch, item, this.options.clock.now()),
      status: 'refused',
      reason: { code, message },
      checks: [{ check: 'size', ok: false, detail: message }],
    };
    const entry = entryOf(watch, 'event.refused', { event: event.id, code, bytes: event.bytes });
    await this.options.journal.append({ entries: [entry], event, ...(poll !== null && { poll }) });
  }

  private async giveUp(
    watch: Watch,
    { failure, records, claim, now }: Omit<Blind, 'ok'> & { claim: Claim; now: number },
  ): Promise<PollUpdate> {
    const trouble = troubleAfter(claim.trouble, failure, now);
    const wait = 1000 * (failure.retryAfterSeconds ?? 0);
    const dueAt = now + (failure.isPause === true ? wait : Math.max(watch.everyMs, wait));
    const poll = { id: watch.id, turn: claim.turn, cursor: null, lookedAt: null, dueAt, trouble };
    const { code, isPause = false } = failure;
    const detail = { turn: claim.turn, calls: callsOf(records), code };
    await this.options.journal.append({
      entries: [entryOf(watch, isPause ? 'poll.put_off' : 'poll.failed', detail)],
      poll,
      causes: causesOf(watch, failure, trouble),
    });
    return poll;
  }
}

function entryOf(
  { workspace, flow, environment, step, slot, poll }: Watch,
  action: string,
  detail: Record<string, Json>,
): NewEntry {
  return {
    workspace,
    actor: { kind: 'system', id: 'poll' },
    action,
    subject: { kind: 'flow', id: flow },
    environment,
    detail: { step, connection: slot.connection, grant: slot.grant, action: poll.action, ...detail },
  };
}

function callsOf(records: readonly CallRecord[]): Json {
  return records.map((record) => ({ ...record }));
}

const tooLargeAdvice = 'It is in the inbox, refused; the others were taken.';

function eventOf(watch: Watch, item: PollItem, receivedAt: number): NewEvent {
  const { deployment, workspace, flow, environment } = watch;
  return {
    id: newId('event'),
    workspace,
    flow,
    environment,
    endpoint: watch.id,
    scheme: 'poll',
    status: 'accepted',
    reason: null,
    messageId: plainId(item.id),
    dedupeKey: keyOf(watch, item),
    firstId: null,
    run: null,
    address: null,
    bytes: Math.min(Buffer.byteLength(JSON.stringify(item.body)), 2 ** 31 - 1),
    checks: [],
    keepDays: deployment.keepDays,
    receivedAt,
  };
}

/** The same item at another place is another one. */
function keyOf({ place }: Watch, { id }: PollItem): string {
  return `${place} ${plainId(id)}`;
}

/** Services choose their ids: one that no column or index takes is known by its hash. */
function plainId(id: string): string {
  return /^[\x21-\x7e]{1,200}$/.test(id) ? id : mark(id);
}
