import { flowDocumentSchema } from '@sluice/shared/flow';
import type pg from 'pg';
import { z } from 'zod';
import { connectors } from '../connectors/registry.js';
import { type Pattern, slotsAround } from '../connectors/schedule/index.js';
import type { Engine } from '../engine/engine.js';
import type { Changes } from '../platform/changes.js';
import type { Clock } from '../platform/clock.js';
import { newId } from '../platform/ids.js';
import type { Log } from '../platform/log.js';

export interface SchedulesOptions {
  pool: pg.Pool;
  engine: Engine;
  changes: Changes;
  clock: Clock;
  log: Log;
}

/** A schedule that is deployed somewhere. */
interface Schedule extends Pattern {
  /** The same for every version in an environment: what its slots are counted by. */
  id: string;
  deployment: string;
  next: number | null;
}

const rowSchema = z.object({
  id: z.string(),
  flow_id: z.string(),
  environment: z.string(),
  document: z.unknown(),
  activated_at: z.number(),
});

const tickMs = 1000;
/** After a downtime the last slot is made up for if it is not older. */
const oldestMs = 86_400_000;

/**
 * Starts runs at the times that deployed schedules name. Every process that carries runs fires every slot; the slot is the
 * event's key, so one of them starts the run and the others are told that there is one, as with any repeated delivery.
 */
export class Schedules {
  private schedules: Schedule[] = [];
  private timer: NodeJS.Timeout | null = null;
  private isStale = true;
  private turning: Promise<void> = Promise.resolve();
  private readonly forget: () => void;

  constructor(private readonly options: SchedulesOptions) {
    this.forget = options.changes.on('deployments', () => {
      this.isStale = true;
    });
  }

  start(): void {
    this.timer = setInterval(() => {
      this.turning = this.turning.then(() => this.tick());
    }, tickMs).unref();
  }

  async stop(): Promise<void> {
    this.forget();
    if (this.timer !== null) clearInterval(this.timer);
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
    const now = clock.now();
    for (const schedule of this.schedules) {
      if (schedule.next === null || schedule.next > now) continue;
      try {
        const { last, next } = slotsAround(schedule, now);
        // Of several slots that were slept through only the last one counts.
        if (last !== null) await this.fire(schedule, last);
        schedule.next = next;
      } catch (error) {
        // One workspace that is full must not hold up the others.
        log.warn('a schedule could not be fired', { schedule: schedule.id, error });
      }
    }
  }

  private async load(): Promise<void> {
    this.isStale = false;
    try {
      const { rows } = await this.options.pool.query(
        `select d.id, d.flow_id, d.environment, v.document, extract(epoch from d.activated_at)::float8 * 1000 as activated_at
         from deployment d join flow f on f.id = d.flow_id
         join flow_version v on v.flow_id = d.flow_id and v.version = d.version
         where d.status = 'active' and f.removed_at is null
           and v.document::jsonb @> '{"steps":[{"kind":"trigger","connector":"schedule"}]}'`,
      );
      this.schedules = rows.flatMap((row) => this.read(rowSchema.parse(row)));
    } catch (error) {
      this.isStale = true;
      throw error;
    }
  }

  private read({ id, flow_id, environment, document, activated_at }: z.output<typeof rowSchema>): Schedule[] {
    const steps = flowDocumentSchema.parse(document).steps;
    const step = steps.find((one) => one.kind === 'trigger' && !one.disabled);
    if (step?.kind !== 'trigger' || step.connector !== 'schedule') return [];
    const params = connectors['schedule']?.triggers[step.trigger]?.params.safeParse(step.config);
    const pattern = z.object({ pattern: z.string(), timeZone: z.string() }).safeParse(params?.data);
    if (!pattern.success) return [];
    const now = this.options.clock.now();
    const { last, next } = slotsAround(pattern.data, now);
    const isMissed = last !== null && last > Math.max(activated_at, now - oldestMs);
    return [
      {
        ...pattern.data,
        id: `${flow_id}:${environment}:${step.id}`,
        deployment: id,
        next: isMissed ? last : next,
      },
    ];
  }

  private async fire({ id, deployment: name }: Schedule, slot: number): Promise<void> {
    const { engine, clock } = this.options;
    const deployment = await engine.deployments.find(name);
    if (deployment === null) return;
    const [runId, eventId, receivedAt] = [newId('run'), newId('event'), clock.now()];
    const time = new Date(slot).toISOString();
    const body = { slot: time };
    await engine.accept({
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
  }
}
