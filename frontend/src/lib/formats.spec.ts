import { describe, expect, it } from 'vitest';
import { formatBytes, formatCount, plural } from './format-count.js';
import { formatDuration } from './format-duration.js';
import { formatAhead, formatPreciseTime, formatTime, formatUtc } from './format-time.js';
import { settleRows } from './settled-rows.js';
import { shortenId, shortHash } from './shorten-id.js';

const now = new Date(2026, 10, 20, 15, 0);

describe('times', () => {
  it('says the clock today, the day this year, the year before that', () => {
    expect(formatTime(new Date(2026, 10, 20, 14, 32, 7), now)).toBe('14:32:07');
    expect(formatTime(new Date(2026, 10, 19, 14, 26), now)).toBe('19 Nov, 14:26');
    expect(formatTime(new Date(2025, 10, 20, 14, 26), now)).toBe('20 Nov 2025, 14:26');
  });

  it('keeps milliseconds for lists, and says the day when it is another', () => {
    expect(formatPreciseTime(new Date(2026, 10, 20, 0, 2, 7, 18), now)).toBe('00:02:07.018');
    expect(formatPreciseTime(new Date(2026, 10, 19, 0, 2, 7, 18), now)).toBe('19 Nov, 00:02:07.018');
  });

  it.each([
    [0, 'now'],
    [12, 'in 12 min'],
    [180, 'in 3 h'],
    [6 * 1440, 'in 6 d'],
  ])('says what lies %i minutes ahead', (minutes, words) => {
    expect(formatAhead(new Date(now.getTime() + minutes * 60_000), now)).toBe(words);
  });

  it('gives exact UTC', () => {
    expect(formatUtc(new Date('2026-11-20T13:26:44.018Z'))).toBe('2026-11-20 13:26:44.018 UTC');
  });
});

describe('durations', () => {
  it.each([
    [0, '0 ms'],
    [340, '340 ms'],
    [1840, '1.84 s'],
    [9996, '10.0 s'],
    [30_040, '30.0 s'],
    [144_000, '2 min 24 s'],
    [3_600_000, '1 h'],
    [273_600_000, '3 d 4 h'],
  ])('%i ms is %s', (ms, words) => {
    expect(formatDuration(ms)).toBe(words);
  });
});

describe('counts', () => {
  it('are exact', () => {
    expect(formatCount(2418906)).toBe('2,418,906');
    expect(plural(1, 'run')).toBe('1 run');
    expect(plural(2, 'entry', 'entries')).toBe('2 entries');
    expect(formatBytes(4188)).toBe('4.2 kB');
  });
});

describe('ids', () => {
  it('are shortened in the middle, short ones stay whole', () => {
    expect(shortenId('run_8Kew3f')).toBe('run_8Kew3f');
    expect(shortenId('run_01j9z3k4m5n6p7q8r9')).toBe('run_01j9z3…p7q8r9');
    expect(shortHash('sha256:9f2c41aa07d3b8e1c5f06b7e1d9244ab')).toBe('9f2c 41aa 07d3 b8e1');
  });
});

describe('rows of a live list', () => {
  const rows = ['new2', 'new1', 'a', 'b'].map((id) => ({ id }));

  it('wait behind a count while the reader is further down', () => {
    expect(settleRows(rows, 'a')).toEqual({ shown: [{ id: 'a' }, { id: 'b' }], held: 2 });
  });

  it('show at once at the top, and when the known head is gone', () => {
    expect(settleRows(rows, null).shown).toEqual(rows);
    expect(settleRows(rows, 'gone')).toEqual({ shown: rows, held: 0 });
  });
});
