import { Injectable } from '@nestjs/common';
import type { RunStatus, Schedule } from '@sluice/shared/api';
import { DataSource } from 'typeorm';
import { lateSlots, listSchedules, nextSlots } from '../../intake/deployed-schedules.js';
import { Clock } from '../../platform/clock.js';
import { explainStop, findStop, Stops } from '../../platform/stops.js';
import { FlowsService } from '../flows/flows.service.js';

const shown = 10;

/** Flows that start at set times. */
@Injectable()
export class SchedulesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly flows: FlowsService,
    private readonly stops: Stops,
    private readonly clock: Clock,
  ) {}

  /** Of the environments that the asker sees, in the order of their names. */
  async list(workspace: string): Promise<Schedule[]> {
    const schedules = await listSchedules((text, values) => this.dataSource.query(text, values), workspace);
    const [names, stops, statuses] = await Promise.all([
      this.flows.names(workspace),
      this.stops.list(workspace),
      this.statuses(schedules.flatMap(({ last }) => (last === null ? [] : [last.run]))),
    ]);
    const now = this.clock.now();
    return schedules.map((schedule) => {
      const { id, flow, environment, version, pattern, timeZone, missed, mostMissed, last } = schedule;
      const stop = findStop(stops, { flow, environment });
      const late = stop === null ? lateSlots(schedule, now).at(-1) : undefined;
      return {
        id,
        flow: { id: flow, name: names.get(flow) ?? '' },
        environment,
        version,
        pattern,
        timeZone,
        missed,
        mostMissed,
        next: stop === null ? nextSlots(schedule, now, shown).slots.map(toTime) : [],
        last:
          last === null
            ? null
            : { at: toTime(last.slot), run: { id: last.run, status: statuses.get(last.run) ?? null } },
        lateSince: late === undefined ? null : toTime(late),
        stopped: stop === null ? null : explainStop(stop),
      };
    });
  }

  preview(of: { pattern: string; timeZone: string }): { times: string[]; problem: string | null } {
    const { slots, problem } = nextSlots(of, this.clock.now(), shown);
    return { times: slots.map(toTime), problem };
  }

  private async statuses(runs: readonly string[]): Promise<ReadonlyMap<string, RunStatus>> {
    const rows: { id: string; status: RunStatus }[] = await this.dataSource.query(
      'select id, status from run where id = any($1)',
      [runs],
    );
    return new Map(rows.map(({ id, status }) => [id, status]));
  }
}

function toTime(ms: number): string {
  return new Date(ms).toISOString();
}
