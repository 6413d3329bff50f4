import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type CallFailure, judgeFailure } from './retry-policy.js';

const failure: CallFailure = { code: 'connector.unavailable', message: '', mayRetry: true, uncertain: true };
const retry = { attempts: 4, backoff: 'exponential' as const, firstSeconds: 2, maxSeconds: 6 };

it('never repeats a step that may not be repeated once it may have happened', () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.integer({ min: 1, max: 30 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (mayRetry, failures, random) => {
        expect(judgeFailure({ ...failure, mayRetry }, { effect: 'unsafe', retry, failures, random })).toEqual({
          kind: 'in-doubt',
        });
      },
    ),
  );
  expect(
    judgeFailure({ ...failure, uncertain: false }, { effect: 'unsafe', retry, failures: 1, random: 0.5 }).kind,
  ).toBe('retry');
});

it('waits longer each time, up to the most, by a random part of it', () => {
  const after = (failures: number, random: number) =>
    judgeFailure(failure, { effect: 'keyed', retry, failures, random });
  expect([1, 2, 3].map((failures) => after(failures, 1))).toEqual(
    [2000, 4000, 6000].map((afterMs) => ({ kind: 'retry', afterMs })),
  );
  expect(after(2, 0.25)).toEqual({ kind: 'retry', afterMs: 1000 });
  expect(after(4, 1)).toEqual({ kind: 'final' });
});

it('keeps to a list of pauses, each up to a tenth later, and to its last for what follows', () => {
  const listed = { ...retry, attempts: 5, pauses: [5, 300, 86_400] };
  const after = (failures: number, random: number, told = {}) =>
    judgeFailure({ ...failure, ...told }, { effect: 'keyed', retry: listed, failures, random });
  expect([1, 2, 3, 4].map((failures) => after(failures, 0))).toEqual(
    [5000, 300_000, 86_400_000, 86_400_000].map((afterMs) => ({ kind: 'retry', afterMs })),
  );
  expect(after(2, 1)).toEqual({ kind: 'retry', afterMs: 330_000 });
  expect(after(1, 0, { retryAfterSeconds: 60 })).toEqual({ kind: 'retry', afterMs: 60_000 });
  expect(after(5, 0)).toEqual({ kind: 'final' });
});

it('never comes back before the service said', () => {
  const told = { ...failure, retryAfterSeconds: 30 };
  expect(judgeFailure(told, { effect: 'keyed', retry, failures: 1, random: 0 })).toEqual({
    kind: 'retry',
    afterMs: 30_000,
  });
  expect(
    judgeFailure(told, { effect: 'natural', retry: { ...retry, backoff: 'fixed' }, failures: 1, random: 0 }),
  ).toEqual({ kind: 'retry', afterMs: 30_000 });
});

it('does not repeat without a policy, nor what the service rejects', () => {
  expect(judgeFailure(failure, { effect: 'natural', retry: undefined, failures: 1, random: 0 })).toEqual({
    kind: 'final',
  });
  expect(judgeFailure({ ...failure, mayRetry: false }, { effect: 'natural', retry, failures: 1, random: 0 })).toEqual({
    kind: 'final',
  });
});
