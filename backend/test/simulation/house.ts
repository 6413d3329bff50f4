import { Engine } from '../../src/engine/engine.js';
import type { Keyring } from '../../src/platform/keys/keyring.js';
import { Log } from '../../src/platform/log.js';
import { ledgerConnector } from '../ledger-connector.js';
import type { Climate } from './climate.js';
import type { Plant } from './flows.js';
import { Machine } from './machine.js';
import { MemoryBroker } from './memory-broker.js';
import { MemoryJournal } from './memory-journal.js';
import { MemoryRunStore } from './memory-run-store.js';
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
  private ids = 0;
  private machines = 0;
  private awayUntil = 0;

  constructor(private readonly rooms: HouseRooms) {}

  start(processes: number): void {
    for (let i = 0; i < processes; i += 1) this.boot();
    this.weather();
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
      code: null,
      window: 8,
      leaseSeconds,
    });
    world.trace(`${machine.name} begins`);
    engine.start().then(
      () => this.engines.set(machine, engine),
      () => machine.die('since it could not begin'),
    );
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
