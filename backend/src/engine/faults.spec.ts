import { describe, expect, it } from 'vitest';
import { StartProblem } from '../config/start-problem.js';
import { armFault } from './faults.js';

describe('armFault', () => {
  it.each(['before-lunch:exit', 'answer-read:sleep', 'answer-read:exit:0', 'answer-read:exit:1:2'])(
    'says in one sentence what it takes instead of %s',
    (spec) => {
      expect(() => armFault(spec)).toThrow(StartProblem);
      expect(() => armFault(spec)).toThrow(/^SLUICE_FAULT takes one of accepted, .*, then ":exit", or/);
    },
  );

  it('takes a point that there is', () => {
    expect(() => armFault('answer-read:exit:2')('claim')).not.toThrow();
  });
});
