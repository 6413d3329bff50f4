import { Clock } from '../../src/platform/clock.js';
import type { NewId } from '../../src/platform/ids.js';
import { type Timer, Timers } from '../../src/platform/timers.js';
import { idPrefixes } from '@sluice/shared/lib';
import type { Climate } from './climate.js';
import type { World } from './world.js';

/** The connection ended: nobody knows whether what was asked took effect. */
function connectionLost(): Error {
  return new Error('Connection terminated unexpectedly');
}

/**
 * A process: it may die or sleep at any of its questions to the outside. What it still computes after its death has no
 * effect, since all that it could act by goes through here.
 */
export class Machine {
  alive = true;
  /** Its clock is wrong by so much. */
  clockError = 0;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly newId: NewId;
  private sleepsUntil = 0;

  constructor(
    readonly name: string,
    readonly world: World,
    private readonly rooms: {
      climate: Climate;
      isDatabaseAway(): boolean;
      nextId(): number;
      onDeath(machine: Machine): void;
    },
  ) {
    this.clock = new MachineClock(this);
    this.timers = new MachineTimers(this);
    // as: an id is text with a prefix that its kind names.
    this.newId = ((kind: keyof typeof idPrefixes) =>
      `${idPrefixes[kind]}_${String(rooms.nextId()).padStart(12, '0')}`) as NewId;
  }

  get isStormy(): boolean {
    return this.world.age < this.rooms.climate.calmAfter;
  }

  /** Something that happens inside: not when it is dead, later when it sleeps. */
  after(ms: number, work: () => void): Timer {
    let isCancelled = false;
    const attempt = () => {
      if (!this.alive || isCancelled) return;
      if (this.sleepsUntil > this.world.now) return this.world.after(this.sleepsUntil - this.world.now, attempt);
      work();
    };
    this.world.after(ms, attempt);
    return {
      cancel() {
        isCancelled = true;
      },
    };
  }

  /** Asks the database: `statement` takes effect there at one moment, or not at all. */
  askDatabase<Answer>(what: string, statement: () => Answer | Promise<Answer>): Promise<Answer> {
    return this.reach(what, async () => {
      if (this.rooms.isDatabaseAway()) throw connectionLost();
      const breaks = this.isStormy && this.world.chance.happens(this.rooms.climate.brokenConnection);
      if (breaks && this.world.chance.happens(0.5)) throw connectionLost();
      const answer = await statement();
      if (breaks) throw connectionLost();
      return answer;
    });
  }

  /** Goes out and comes back; on either way this process may die or sleep, unless what goes out `isOnItsWay`. */
  reach<Answer>(what: string, work: () => Promise<Answer>, isOnItsWay = false): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (!this.alive) return;
      if (!isOnItsWay) this.maybeFail(`before ${what}`);
      const { world } = this;
      const depart = () =>
        world.after(world.chance.between(0.2, 2), () => {
          const comeBack = (settle: () => void) =>
            world.after(world.chance.between(0.2, 2), () => {
              this.maybeFail(`after ${what}`);
              this.after(0, settle);
            });
          work().then(
            (answer) => comeBack(() => resolve(answer)),
            (error: unknown) => comeBack(() => reject(error)),
          );
        });
      if (isOnItsWay) depart();
      else this.after(0, depart);
    });
  }

  /** A place in the engine's own code at which a process may die. */
  fault(where: string): void {
    this.maybeFail(where);
  }

  die(why: string): void {
    if (!this.alive) return;
    this.alive = false;
    this.world.trace(`${this.name} dies ${why}`);
    this.rooms.onDeath(this);
  }

  private maybeFail(where: string): void {
    const { world, rooms } = this;
    if (!this.alive || !this.isStormy) return;
    if (world.chance.happens(rooms.climate.crash)) return this.die(where);
    if (!world.chance.happens(rooms.climate.pause)) return;
    const seconds = world.chance.between(1, 60);
    world.trace(`${this.name} sleeps ${seconds.toFixed(1)} s ${where}`);
    this.sleepsUntil = world.now + seconds * 1000;
  }
}

class MachineClock extends Clock {
  constructor(private readonly machine: Machine) {
    super();
  }

  override now(): number {
    return Math.floor(this.machine.world.now + this.machine.clockError);
  }
}

class MachineTimers extends Timers {
  constructor(private readonly machine: Machine) {
    super();
  }

  override elapsed(): number {
    return this.machine.world.now;
  }

  override after(ms: number, callback: () => void): Timer {
    return this.machine.after(ms, callback);
  }

  override every(ms: number, callback: () => void): Timer {
    let timer: Timer;
    const again = () => {
      timer = this.machine.after(ms, again);
      callback();
    };
    timer = this.machine.after(ms, again);
    return { cancel: () => timer.cancel() };
  }

  override soon(callback: () => void): void {
    this.machine.after(0, callback);
  }

  override sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.machine.after(ms, resolve));
  }
}
