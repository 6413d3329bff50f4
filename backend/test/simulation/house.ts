import { Engine } from '../../src/engine/engine.js';
import { Schedules } from '../../src/intake/schedules.js';
import type { Keyring } from '../../src/platform/keys/keyring.js';
import { Log } from '../../src/platform/log.js';
import { ledgerConnector } from '../ledger-connector.js';
import type { Climate } from './climate.js';
import type { Plant } from './flows.js';
import { Machine } from './machine.js';
import { MemoryBroker } from './memory-broker.js';
import { MemoryJournal } from './memory-journal.js';
import { MemoryRunStore } from './memory-run-store.js';
import { type Marks, MemoryScheduleStore } from './memory-schedule-store.js';
import { MemorySandbox, type SandboxLine } from './memory-sandbox.js';
import { News } from './news.js';
import type { Service } from './service.js';
import type { Tables } from './tables.js';
import type { World } from './world.js';

export const publicUrl = 'https://sluice.example.com';
const leaseSeconds = 10;

export interface HouseRooms {
  world: World;
  climate: Climate;
  tables: Tables;
  service: Service;
  /** Of all processes. */
  sandbox: SandboxLine[];
  /** Of the schedule, in milliseconds since 1970. */
  scheduled: { from: number; until: number };
  /** How far it has come. */
  marks: Marks;
  plant: Plant;
  keyring: Keyring;
  /** The engine said that something happened which never should. */
  onError(what: string): void;
  /** A run is about to be parked. */
  onParking(run: string, machine: Machine): void;
}

/** Some processes over one database: they begin, die, sleep, end in good order and begin again. */
export class House {
  private readonly news = new News();
  private readonly engines = new Map<Machine, Engine>();
  private readonly schedules = new Map<Machine, Schedules>();
  /** When processes began to look what is due. */
  readonly readyAt: number[] = [];
  private ids = 0;
  private machines = 0;
  private awayUntil = 0;

  constructor(private readonly rooms: HouseRooms) {}

  start(processes: number): void {
    for (let i = 0; i < processes; i += 1) this.boot();
    this.weather();
    const { world, scheduled, plant } = this.rooms;
    if (plant.scheduled !== null)
      world.after(scheduled.until - world.now, () => this.news.tell('deployments', [plant.scheduled ?? '']));
  }

  /** A process that answers, by chance. */
  any(): Engine | undefined {
    const all = [...this.engines.values()];
    return all.length === 0 ? undefined : this.rooms.world.chance.pick(all);
  }

  nextId(): number {
    this.ids += 1;
    return this.ids;
  }

  private boot(): void {
    const { world, climate, tables, service, plant, keyring } = this.rooms;
    this.machines += 1;
    const machine: Machine = new Machine(`m${this.machines}`, world, {
      climate,
      isDatabaseAway: () => world.now < this.awayUntil,
      nextId: () => this.nextId(),
      onDeath: () => this.replace(machine),
    });
    const engine = new Engine({
      store: new MemoryRunStore({
        machine,
        tables,
        news: this.news,
        deployments: plant.deployments,
        slots: plant.slots,
      }),
      journal: new MemoryJournal({
        machine,
        tables,
        news: this.news,
        onParking: this.rooms.onParking,
      }),
      changes: this.news.of(machine),
      broker: new MemoryBroker({ machine, service, climate }),
      keyring,
      clock: machine.clock,
      timers: machine.timers,
      newId: machine.newId,
      random: () => world.chance.next(),
      log: new HouseLog(machine, this.rooms.onError),
      connectors: { ledger: ledgerConnector },
      roles: ['server', 'worker'],
      carries: true,
      fault: (point) => machine.fault(point),
      publicUrl,
      code: new MemorySandbox({ machine, climate, lines: this.rooms.sandbox }),
      window: 8,
      leaseSeconds,
    });
    world.trace(`${machine.name} begins`);
    const schedules = this.schedulesOf(machine, engine);
    engine.start().then(
      () => {
        this.engines.set(machine, engine);
        this.schedules.set(machine, schedules);
        if (machine.alive) this.readyAt.push(world.now);
        schedules.start();
      },
      () => machine.die('since it could not begin'),
    );
  }

  private schedulesOf(machine: Machine, engine: Engine): Schedules {
    const { world, plant, scheduled, marks } = this.rooms;
    const row = plant.deployments.get(plant.scheduled ?? '');
    return new Schedules({
      store: new MemoryScheduleStore({ machine, world, row, scheduled, marks }),
      engine,
      stops: { list: async () => [] },
      changes: this.news.of(machine),
      clock: machine.clock,
      timers: machine.timers,
      newId: machine.newId,
      log: new HouseLog(machine, this.rooms.onError),
    });
  }

  private replace(machine: Machine): void {
    const { world } = this.rooms;
    this.engines.delete(machine);
    world.after(world.chance.between(200, 20_000), () => this.boot());
  }

  /** What happens to the house as a whole, second by second. */
  private weather(): void {
    const { world, climate } = this.rooms;
    world.after(1000, () => {
      if (world.age > climate.calmAfter) return this.clearUp();
      if (world.now > this.awayUntil && world.chance.happens(climate.outage)) {
        this.awayUntil = world.now + world.chance.between(200, 8000);
        world.trace('the database is away');
      }
      for (const [machine, engine] of this.engines) {
        if (world.chance.happens(climate.clockJump))
          machine.clockError = world.chance.pick([-3_600_000, -600_000, -900, 700, 600_000]);
        if (world.chance.happens(climate.restart)) void this.end(machine, engine);
      }
      this.weather();
    });
  }

  private clearUp(): void {
    for (const machine of this.engines.keys()) machine.clockError = 0;
    this.rooms.world.trace('calm');
  }

  private async end(machine: Machine, engine: Engine): Promise<void> {
    this.rooms.world.trace(`${machine.name} is told to end`);
    this.engines.delete(machine);
    await this.schedules.get(machine)?.stop();
    await engine.stop().catch(() => undefined);
    machine.die('in good order');
  }
}

class HouseLog extends Log {
  constructor(
    private readonly machine: Machine,
    private readonly onError: (what: string) => void,
  ) {
    super('silent');
  }

  override error(message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    const { error, run } = fields;
    if (!this.machine.alive) return;
    const why = error instanceof Error ? (error.stack ?? error.message) : '';
    this.machine.world.trace(`${this.machine.name} says ${message} ${String(run)}`);
    if (!/Connection terminated/.test(why)) this.onError(`${message} (${String(run)}): ${why}`);
  }

  override warn(): void {}
}
