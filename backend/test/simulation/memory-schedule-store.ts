import type { Schedule } from '../../src/intake/deployed-schedules.js';
import { ScheduleStore } from '../../src/intake/schedule-store.js';
import type { DeploymentRow } from '../../src/engine/store/run-store.js';
import type { Machine } from './machine.js';
import type { World } from './world.js';

/** How far schedules have come, for all processes; by id. */
export type Marks = Map<string, { decidedTo: number; toldTo: number }>;

/** The one schedule of a history, due each minute until it is taken off. */
export class MemoryScheduleStore extends ScheduleStore {
  constructor(
    private readonly rooms: {
      machine: Machine;
      world: World;
      row: DeploymentRow | undefined;
      scheduled: { from: number; until: number };
      marks: Marks;
    },
  ) {
    super();
  }

  override async list(): Promise<Schedule[]> {
    const { world, row, scheduled } = this.rooms;
    return await this.ask(() => {
      if (row === undefined || world.now >= scheduled.until) return [];
      const text = (column: string) => String(row[column]);
      const [flow, environment] = [text('flow_id'), text('environment')];
      const of = { deployment: text('id'), workspace: text('workspace_id'), flow, environment };
      const place = { ...of, id: `${flow}:${environment}`, version: Number(row['version']) };
      const config = { pattern: '* * * * *', timeZone: 'UTC', missed: 'once', mostMissed: 1 } as const;
      return [this.asOfNow({ ...place, ...config, activatedAt: scheduled.from, ...this.since, last: null })];
    });
  }

  override async look(known: Schedule): Promise<{ schedule: Schedule; now: number }> {
    return await this.ask(() => ({ schedule: this.asOfNow(known), now: this.rooms.world.now }));
  }

  override async mark({ id }: Schedule, { slot }: { slot: number; run: string | null }): Promise<void> {
    await this.ask(() => this.put(id, { decidedTo: slot }));
  }

  override async tellMissed({ id }: Schedule, slots: readonly number[]): Promise<void> {
    const last = slots.at(-1);
    if (last !== undefined) await this.ask(() => this.put(id, { toldTo: last }));
  }

  private get since(): { decidedTo: number; toldTo: number } {
    const { from } = this.rooms.scheduled;
    return { decidedTo: from, toldTo: from };
  }

  private asOfNow(known: Schedule): Schedule {
    return { ...known, ...this.since, ...this.rooms.marks.get(known.id) };
  }

  private put(id: string, to: { decidedTo?: number; toldTo?: number }): void {
    const { decidedTo, toldTo } = this.rooms.marks.get(id) ?? this.since;
    this.rooms.marks.set(id, {
      decidedTo: Math.max(decidedTo, to.decidedTo ?? 0),
      toldTo: Math.max(toldTo, to.toldTo ?? 0),
    });
  }

  private async ask<Answer>(statement: () => Answer): Promise<Answer> {
    return await this.rooms.machine.askDatabase('schedules', statement);
  }
}
