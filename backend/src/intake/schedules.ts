import { type Pattern, planSlots, slotsAfter } from '../connectors/schedule/index.js';
import type { Engine } from '../engine/engine.js';
import type { Changes } from '../platform/changes.js';
import type { Clock } from '../platform/clock.js';
import { type NewId, newId as newSystemId } from '../platform/ids.js';
import type { Log } from '../platform/log.js';
import { findStop, type Stops } from '../platform/stops.js';
import { type Timer, Timers } from '../platform/timers.js';
import { dueSlots, type Schedule } from './deployed-schedules.js';
import type { ScheduleStore } from './schedule-store.js';

export interface SchedulesOptions {
  store: ScheduleStore;
  engine: Pick<Engine, 'accept' | 'deployments'>;
  stops: Pick<Stops, 'list'>;
  changes: Pick<Changes, 'on'>;
  clock: Clock;
  log: Log;
  /** The system's when left out, as the ids. */
  timers?: Timers;
  newId?: NewId;
}

const tickMs = 1000;

/**
 * Starts runs at the times that deployed schedules name. Every process that carries runs fires every slot; the slot is the
 * event's key, so one of them starts the run and the others are told that there is one, as with any repeated delivery.
 */
export class Schedules {
  private schedules: (Schedule & { next: number | null })[] = [];
  private timer: Timer | null = null;
  private isStale = true;
  private turning: Promise<void> = Promise.resolve();
  private readonly forget: () => void;

  constructor(private readonly options: SchedulesOptions) {
    this.forget = options.changes.on('deployments', () => {
      this.isStale = true;
    });
  }

  start(): void {
    const { timers = new Timers() } = this.options;
    this.timer = timers.every(tickMs, () => {
      this.turning = this.turning.then(() => this.tick());
    });
  }

  async stop(): Promise<void> {
    this.forget();
    this.timer?.cancel();
    await this.turning;
  }

  /** Fires what is due. Never rejects: what could not be fired is tried again at the next tick. */
  async tick(): Promise<void> {
    const { clock, log } = this.options;
    try {
      if (this.isStale) await this.load();
    } catch (error) {
      log.warn('schedules could not be read', { error });
    }
    for (const schedule of this.schedules) {
      if (schedule.next === null || schedule.next > clock.now()) continue;
      try {
        const settledTo = await this.settle(schedule);
        // While a kill switch is on it stays due.
        if (settledTo !== null) schedule.next = nextAfter(schedule, settledTo);
      } catch (error) {
        // One workspace that is full must not hold up the others.
        log.warn('a schedule could not be fired', { schedule: schedule.id, error });
      }
    }
  }

  private async load(): Promise<void> {
    this.isStale = false;
    try {
      const schedules = await this.options.store.list();
      this.schedules = schedules.map((schedule) => ({ ...schedule, next: nextAfter(schedule, schedule.decidedTo) }));
    } catch (error) {
      this.isStale = true;
      throw error;
    }
  }

  /** Starts the runs of what is due, and tells of what is passed over. Up to when; null while a kill switch is on for it. */
  private async settle(known: Schedule): Promise<number | null> {
    const { stops, store, clock } = this.options;
    if (findStop(await stops.list(known.workspace), known) !== null) return null;
    // Another process may have settled it meanwhile.
    const { schedule, now: databaseNow } = await store.look(known);
    // By a clock that is ahead it would be settled for everybody up to a time that is still to come.
    const now = Math.min(clock.now(), databaseNow);
    const { fire, passed } = planSlots(schedule, dueSlots(schedule, now), now);
    await store.tellMissed(schedule, passed);
    for (const slot of fire) await store.mark(schedule, { slot, run: await this.fire(schedule, slot) });
    const last = passed.at(-1);
    if (fire.length === 0 && last !== undefined) await store.mark(schedule, { slot: last, run: null });
    return now;
  }

  /** The id of the slot's run, whoever began it; null when it is deployed no more. */
  private async fire({ id, deployment: name }: Schedule, slot: number): Promise<string | null> {
    const { engine, clock, newId = newSystemId } = this.options;
    const deployment = await engine.deployments.find(name);
    if (deployment === null) return null;
    const [runId, eventId, receivedAt] = [newId('run'), newId('event'), clock.now()];
    const time = new Date(slot).toISOString();
    const body = { slot: time };
    const accepted = await engine.accept({
      deployment,
      startedBy: 'schedule',
      actor: { kind: 'system', id: 'schedule' },
      eventId,
      event: {
        id: eventId,
        workspace: deployment.workspace,
        flow: deployment.flow.id,
        environment: deployment.environment,
        endpoint: id,
        scheme: 'schedule',
        status: 'accepted',
        reason: null,
        messageId: time,
        dedupeKey: time,
        firstId: null,
        run: runId,
        address: null,
        bytes: 0,
        checks: [],
        keepDays: deployment.keepDays,
        receivedAt,
      },
      trigger: { body, headers: {}, query: {}, id: time, receivedAt: new Date(receivedAt).toISOString() },
      runId,
    });
    return accepted.runId;
  }
}

function nextAfter(of: Pattern, time: number): number | null {
  return slotsAfter(of, time, 1)[0] ?? null;
}
