import { expect, it } from 'vitest';
import { Circuits } from './circuits.js';

function open() {
  const clock = { now: 0 };
  const circuits = new Circuits(() => clock.now);
  const fail = (times: number, host = 'a') => {
    for (let n = 0; n < times; n += 1) circuits.ended(host, 'failed');
  };
  return { clock, circuits, fail };
}

it('opens after five failures in a row, for that host alone', () => {
  const { circuits, fail } = open();
  fail(4);
  expect(circuits.enter('a')).toBe(0);
  circuits.ended('a', 'answered');
  fail(4);
  expect(circuits.enter('a')).toBe(0);
  fail(1);
  expect(circuits.enter('a')).toBe(5000);
  expect(circuits.enter('b')).toBe(0);
});

it('lets one call through to look, and waits twice as long each time up to a minute', () => {
  const { clock, circuits, fail } = open();
  fail(5);
  for (const pause of [5000, 10_000, 20_000, 40_000, 60_000, 60_000]) {
    expect(circuits.enter('a')).toBe(pause);
    clock.now += pause;
    expect(circuits.enter('a')).toBe(0);
    expect(circuits.enter('a')).toBe(5000);
    fail(1);
  }
});

it('tells of each pause as it begins and of its end, and of nothing while calls pass', () => {
  const told: unknown[] = [];
  const clock = { now: 0 };
  const circuits = new Circuits(
    () => clock.now,
    (host, pause) => told.push([host, pause]),
  );
  for (const end of ['answered', 'failed', 'answered'] as const) circuits.ended('a', end);
  for (let n = 0; n < 5; n += 1) circuits.ended('a', 'failed');
  clock.now = 5000;
  circuits.enter('a');
  circuits.ended('a', 'failed');
  clock.now = 15_000;
  circuits.enter('a');
  circuits.ended('a', 'answered');
  expect(told).toEqual([
    ['a', { failures: 5, until: 5000 }],
    ['a', { failures: 6, until: 15_000 }],
    ['a', null],
  ]);
});

it('closes with the first answer', () => {
  const { clock, circuits, fail } = open();
  fail(5);
  clock.now += 5000;
  expect(circuits.enter('a')).toBe(0);
  circuits.ended('a', 'answered');
  expect([circuits.enter('a'), circuits.enter('a')]).toEqual([0, 0]);
  fail(4);
  expect(circuits.enter('a')).toBe(0);
});

it('takes no longer for calls that were under way when it opened', () => {
  const { clock, circuits, fail } = open();
  fail(5);
  clock.now += 1000;
  fail(100);
  expect(circuits.enter('a')).toBe(4000);
});

it('lets the next one look when the one that should have was never sent', () => {
  const { clock, circuits, fail } = open();
  fail(5);
  clock.now += 5000;
  expect(circuits.enter('a')).toBe(0);
  circuits.ended('a', 'unsent');
  expect(circuits.enter('a')).toBe(0);
});
