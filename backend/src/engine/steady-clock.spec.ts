import { describe, expect, it } from 'vitest';
import { Clock } from '../platform/clock.js';
import { SteadyClock } from './steady-clock.js';

class SetClock extends Clock {
  time = 1000;
  override now(): number {
    return this.time;
  }
}

function aClock() {
  const machine = new SetClock();
  const passing = { ms: 50 };
  return { machine, passing, clock: new SteadyClock(machine, { elapsed: () => passing.ms }) };
}

describe('SteadyClock', () => {
  it('goes by the machine until the database was heard, and then by no jump of the machine', () => {
    const { machine, passing, clock } = aClock();
    expect(clock.now()).toBe(1000);
    clock.hear(9000, 50);
    machine.time += 7_200_000;
    passing.ms += 30;
    expect(clock.now()).toBe(9030);
  });

  it('keeps what fits between question and answer, so that a slow answer does not set it back', () => {
    const { passing, clock } = aClock();
    clock.hear(9000, 50);
    passing.ms = 3050;
    clock.hear(10_000, 1050);
    expect(clock.now()).toBe(12_000);
  });

  it('follows the database where it does not fit: this process slept, or the database’s clock was set', () => {
    const { passing, clock } = aClock();
    clock.hear(9000, 50);
    passing.ms = 60;
    clock.hear(69_000, 55);
    expect(clock.now()).toBe(69_000);
    clock.hear(1000, 60);
    expect(clock.now()).toBe(1000);
  });
});
