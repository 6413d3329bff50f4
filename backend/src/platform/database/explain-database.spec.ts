import { describe, expect, it } from 'vitest';
import { StartProblem } from '../../config/start-problem.js';
import { explainDatabase } from './explain-database.js';

function failure(code: string): Error {
  return Object.assign(new Error('connect failed for sluice:hunter2@db'), { code });
}

describe('explainDatabase', () => {
  it.each([
    ['ECONNREFUSED', /reached/],
    ['ENOTFOUND', /reached/],
    ['28P01', /password/],
    ['3D000', /no database/],
    ['42501', /roles/],
    ['57P01', /try again/],
    ['57P03', /try again/],
  ])('says in one sentence what to do about %s, and repeats nothing secret', (code, sentence) => {
    const problem = explainDatabase(failure(code));
    expect(problem).toBeInstanceOf(StartProblem);
    expect(problem?.message).toMatch(sentence);
    expect(problem?.message).not.toContain('hunter2');
  });

  it('answers what was explained already as it is', () => {
    const problem = new StartProblem('Port 80 is in use.');
    expect(explainDatabase(problem)).toBe(problem);
  });

  it('leaves our own faults alone', () => {
    expect(explainDatabase(failure('42P01'))).toBeNull();
    expect(explainDatabase(new TypeError('x is not a function'))).toBeNull();
  });
});
