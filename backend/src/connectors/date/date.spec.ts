import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add } from './add.js';
import { difference } from './difference.js';
import { format } from './format.js';
import { parse } from './parse.js';

const read = (text: string | number, more: object = {}) => parse.compute(parse.input.parse({ text, ...more }));
const written = (time: string, pattern: string, zone?: string) =>
  format.compute(format.input.parse({ time, pattern, zone })).text;
const sum = (time: string, more: object) => add.compute(add.input.parse({ time, ...more }));
const between = (from: string, to: string, more: object = {}) =>
  difference.compute(difference.input.parse({ from, to, ...more }));

describe('read', () => {
  it.each([
    ['2026-05-01T10:00:00+02:00', undefined, '2026-05-01T08:00:00Z'],
    ['2026-05-01T08:00:00Z', 'Europe/Berlin', '2026-05-01T08:00:00Z'],
    ['2026-05-01T10:00:00', 'Europe/Berlin', '2026-05-01T08:00:00Z'],
    ['2026-05-01 10:00', 'Europe/Berlin', '2026-05-01T08:00:00Z'],
    ['2026-05-01', 'America/New_York', '2026-05-01T04:00:00Z'],
    ['2026-05-01T10:00:00+02:00[Europe/Berlin]', undefined, '2026-05-01T08:00:00Z'],
    ['2026-05-01T10:00:00[Europe/Berlin]', 'Asia/Tokyo', '2026-05-01T08:00:00Z'],
    ['20260501T100000+0200', undefined, '2026-05-01T08:00:00Z'],
    // The clocks skip 02:30 on 29 March 2026, and repeat it on 25 October.
    ['2026-03-29T02:30:00', 'Europe/Berlin', '2026-03-29T01:30:00Z'],
    ['2026-10-25T02:30:00', 'Europe/Berlin', '2026-10-25T00:30:00Z'],
  ])('takes %s in %s', (text, zone, time) => {
    expect(read(text, { zone }).time).toBe(time);
  });

  it('gives the moment in UTC, in its zone, and as numbers', () => {
    expect(read('2026-01-04T23:30:00Z', { zone: 'Asia/Tokyo' })).toEqual({
      time: '2026-01-04T23:30:00Z',
      local: '2026-01-05T08:30:00+09:00[Asia/Tokyo]',
      date: '2026-01-05',
      weekday: 1,
      seconds: 1_767_569_400,
    });
  });

  it('takes seconds and milliseconds since 1970', () => {
    expect(read(1_777_622_400, { form: 'seconds since 1970' }).time).toBe('2026-05-01T08:00:00Z');
    expect(read('1777622400123', { form: 'milliseconds since 1970' }).time).toBe('2026-05-01T08:00:00.123Z');
    for (const text of ['', 'x', '1e3', 1e300])
      expect(() => read(text, { form: 'seconds since 1970' })).toThrow('no number of seconds');
  });

  it.each([
    ['01.05.2026 10:00', 'dd.MM.yyyy HH:mm', '2026-05-01T08:00:00Z'],
    ['5/1/26 1:05 pm', 'M/d/yy h:mm a', '2026-05-01T11:05:00Z'],
    ['12:00 AM, May 1 2026', 'hh:mm a, MMM d yyyy', '2026-04-30T22:00:00Z'],
    ['Fri, 01 May 2026 10:00:00 +0000', 'EEE, dd MMM yyyy HH:mm:ss XX', '2026-05-01T10:00:00Z'],
    ['2026-05-01T10:00:00.250-05:00', "yyyy-MM-dd'T'HH:mm:ss.SSSXXX", '2026-05-01T15:00:00.250Z'],
    ['2026-05-01 10:00 Asia/Tokyo', 'yyyy-MM-dd HH:mm VV', '2026-05-01T01:00:00Z'],
  ])('takes %s by %s', (text, pattern, time) => {
    expect(Date.parse(read(text, { form: 'pattern', pattern, zone: 'Europe/Berlin' }).time)).toBe(Date.parse(time));
  });

  it.each([
    ['2026-02-30', {}, 'no time in ISO 8601'],
    ['next week', {}, 'no time in ISO 8601'],
    ['2026-05-01T25:00:00Z', {}, 'no time in ISO 8601'],
    ['2026-05-01', { zone: 'Europe/Berln' }, 'There is no time zone "Europe/Berln"'],
    ['30.02.2026', { form: 'pattern', pattern: 'dd.MM.yyyy' }, 'no such day'],
    ['1.5.2026', { form: 'pattern', pattern: 'dd.MM.yyyy' }, 'not written as dd.MM.yyyy'],
    ['01.05.2026', { form: 'pattern', pattern: 'DD.MM.YYYY' }, 'DD stands for nothing in a pattern. Write dd.'],
    ['10:00', { form: 'pattern', pattern: 'HH:mm' }, 'names no day'],
    ['Mon 01.05.2026', { form: 'pattern', pattern: 'EEE dd.MM.yyyy' }, 'names Monday, and the day is a Friday'],
    ['x', { form: 'pattern' }, 'add the pattern'],
    ['11', { form: 'pattern', pattern: 'dd' }, 'names no day'],
    ['1111', { form: 'pattern', pattern: 'ddMMdd' }, 'dd twice'],
  ])('refuses %j %j', (text, more, message) => {
    expect(() => read(text, more)).toThrow(message);
  });
});

describe('write', () => {
  it.each([
    ['EEEE d MMMM yyyy', 'Friday 1 May 2026'],
    ["EEE dd MMM yy 'at' h:mm a", 'Fri 01 May 26 at 2:05 PM'],
    ["yyyy-MM-dd'T'HH:mm:ss.SSSXXX", '2026-05-01T14:05:06.007+02:00'],
    ["H 'o''clock' VV XX", "14 o'clock Europe/Berlin +0200"],
  ])('by %s', (pattern, text) => {
    expect(written('2026-05-01T12:05:06.007Z', pattern, 'Europe/Berlin')).toBe(text);
  });

  it('refuses what stands for nothing', () => {
    expect(() => written('2026-05-01', 'yyyy at')).toThrow('t stands for nothing in a pattern. Put text into quotes.');
    expect(() => written('2026-05-01', "yyyy 'at")).toThrow('stands for nothing');
  });
});

describe('add', () => {
  it.each([
    ['2026-01-31T10:00:00Z', { months: 1 }, '2026-02-28T10:00:00Z'],
    ['2028-02-29T10:00:00Z', { years: 1 }, '2029-02-28T10:00:00Z'],
    ['2026-05-01T08:00:00Z', { days: -1, hours: 2 }, '2026-04-30T10:00:00Z'],
    // The day of the change has 23 hours: a day later is the same hour, 24 hours later is not.
    ['2026-03-28T12:00:00[Europe/Berlin]', { days: 1 }, '2026-03-29T10:00:00Z'],
    ['2026-03-28T12:00:00[Europe/Berlin]', { hours: 24 }, '2026-03-29T11:00:00Z'],
  ])('%s and %j', (time, more, expected) => {
    expect(sum(time, more).time).toBe(expected);
  });

  it('refuses what lies outside of the calendar', () => {
    expect(() => sum('2026-05-01', { years: 1_000_000_000 })).toThrow('outside of the calendar');
  });
});

describe('difference', () => {
  it('in any unit, with its fraction and as a duration', () => {
    expect(between('2026-05-01T08:00:00Z', '2026-05-02T20:00:00Z')).toEqual({
      amount: 1.5,
      whole: 1,
      duration: 'P1DT12H',
    });
    expect(between('2026-05-02', '2026-05-01', { unit: 'hours' })).toMatchObject({ amount: -24, whole: -24 });
    expect(between('2024-02-29', '2026-02-27', { unit: 'years' }).whole).toBe(1);
  });

  it('counts days by the calendar of the zone, and hours by the clock', () => {
    const day = ['2026-03-28T12:00:00', '2026-03-29T12:00:00'] as const;
    expect(between(...day, { zone: 'Europe/Berlin', unit: 'days' }).amount).toBe(1);
    expect(between(...day, { zone: 'Europe/Berlin', unit: 'hours' }).amount).toBe(23);
  });
});

const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia'];
const moments = fc
  .date({ min: new Date('1980-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((at) => at.toISOString());

it('what is written is read again, by the ISO form and by a pattern, in every zone', () => {
  fc.assert(
    fc.property(moments, fc.constantFrom(...zones), (time, zone) => {
      const { local, time: utc } = read(time, { zone });
      expect(read(local).time).toBe(utc);
      const pattern = "EEEE d. MMMM yyyy 'at' hh:mm:ss.SSS a XXX";
      expect(read(written(time, pattern, zone), { form: 'pattern', pattern, zone }).time).toBe(utc);
    }),
  );
});

it('adding the difference in seconds leads from one time to the other', () => {
  fc.assert(
    fc.property(moments, moments, fc.constantFrom(...zones), (from, to, zone) => {
      const seconds = between(from, to, { unit: 'seconds', zone }).whole;
      fc.pre(Math.abs(seconds) <= 1_000_000_000);
      expect(Math.abs(Date.parse(sum(from, { seconds, zone }).time) - Date.parse(to))).toBeLessThan(1000);
    }),
  );
});
