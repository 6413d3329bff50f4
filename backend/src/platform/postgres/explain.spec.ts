import { describe, expect, it } from 'vitest';
import { explainFailure } from './explain.js';

const placement = {
  account: null,
  folder: '/data/postgres',
  data: '/data/postgres/data',
  passwordFile: '/data/postgres/password',
  logFile: '/data/postgres/log',
};

describe('explainFailure', () => {
  it.each([
    ['FATAL:  could not write lock file "postmaster.pid": No space left on device', /is full: free some space/],
    ['initdb: error: could not create directory "/data/x": Permission denied', /start Sluice as the user that owns it/],
    ['FATAL:  data directory "/data" has invalid permissions', /start Sluice as the user that owns it/],
    ['FATAL:  could not map anonymous shared memory: Cannot allocate memory', /free at least 512 MB/],
    ['PANIC:  could not locate a valid checkpoint record', /is damaged \(could not locate a valid checkpoint record\)/],
    [
      'FATAL:  unrecognized configuration parameter "x"',
      /did not start \(unrecognized configuration parameter "x"\): see/,
    ],
    ['ended with SIGKILL', /^PostgreSQL did not start: see \/data\/postgres\/log\.$/],
  ])('%s', (output, sentence) => {
    const { message } = explainFailure({ output, placement });
    expect(message).toMatch(sentence);
    expect(message).not.toContain('\n');
  });
});
