import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pauseFailure } from './pause-policy.js';
import { judgeFailure } from './retry-policy.js';

const putOff = { code: 'broker.stopped', message: 'Ada stopped this flow.', retryAfterSeconds: 30 };
const effects = ['natural', 'keyed', 'checkable', 'unsafe'] as const;

it('waits as often as it takes, with or without a retry policy, and never comes early', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...effects),
      fc.constantFrom(undefined, { attempts: 1, backoff: 'fixed' as const, firstSeconds: 1, maxSeconds: 1 }),
      fc.integer({ min: 1, max: 1000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (effect, retry, failures, random) => {
        const verdict = judgeFailure(pauseFailure(putOff, false), { effect, retry, failures, random });
        expect(verdict.kind).toBe('pause');
        const afterMs = verdict.kind === 'pause' ? verdict.afterMs : 0;
        expect(afterMs).toBeGreaterThanOrEqual(30_000);
        expect(afterMs).toBeLessThanOrEqual(37_500);
      },
    ),
  );
});

it('asks a person when an unsafe attempt was put off halfway, and looks first where it can', () => {
  const halfway = pauseFailure(putOff, true);
  const judge = (effect: (typeof effects)[number]) =>
    judgeFailure(halfway, { effect, retry: undefined, failures: 1, random: 0 }).kind;
  expect(effects.map(judge)).toEqual(['pause', 'pause', 'pause', 'in-doubt']);
  expect(halfway.uncertain).toBe(true);
});
