import { expect, it } from 'vitest';
import { slopeOf } from './memory-slope.js';

/** A process that begins at a level, warms up for 30 seconds and then grows by so much a second. */
const life = (generation: string, of: { from: number; seconds: number; level: number; growth: number }) =>
  Array.from({ length: of.seconds }, (_, second) => ({
    generation,
    at: of.from + second,
    mb: of.level + Math.min(second, 30) + of.growth * second,
  }));

it('sees growth through restarts, and takes neither a restart nor a warm-up for it', () => {
  const steady = [
    ...life('one', { from: 0, seconds: 200, level: 170, growth: 0 }),
    ...life('two', { from: 200, seconds: 200, level: 130, growth: 0 }),
  ];
  expect(slopeOf(steady)).toMatch(/ 0\.0 % in ten minutes, by \d+ samples of 2 processes/);
  const leaking = [
    ...life('one', { from: 0, seconds: 200, level: 170, growth: 0.1 }),
    ...life('two', { from: 200, seconds: 200, level: 70, growth: 0.1 }),
  ];
  expect(Number(/(\S+) %/.exec(slopeOf(leaking))?.[1])).toBeGreaterThan(30);
  expect(slopeOf(life('one', { from: 0, seconds: 50, level: 1, growth: 1 }))).toMatch(/^no process/);
});
