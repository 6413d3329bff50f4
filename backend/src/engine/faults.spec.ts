import { describe, expect, it } from 'vitest';
import { StartProblem } from '../config/start-problem.js';
import { armFault } from './faults.js';

describe('armFault', () => {
  it.each(['before-lunch:exit', 'after-send:sleep'])('says in one sentence what it takes instead of %s', (spec) => {
    expect(() => armFault(spec)).toThrow(StartProblem);
    expect(() => armFault(spec)).toThrow(/^SLUICE_FAULT takes one of after-accept, .*, then ":exit"\.$/);
  });

  it('takes a point that there is', () => {
    expect(() => armFault('after-send:exit')('after-claim')).not.toThrow();
  });
});
