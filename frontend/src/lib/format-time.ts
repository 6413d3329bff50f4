const clock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const shortClock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dayAndYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

function sameDay(a: Date, b: Date): boolean {
  return a.getFullYear() === b.getFullYear() && a.getMonth() === b.getMonth() && a.getDate() === b.getDate();
}

/** `14:32:07` today, `20 Nov, 14:26` this year, with the year before that. */
export function formatTime(at: Date, now: Date): string {
  if (sameDay(at, now)) return clock.format(at);
  const date = at.getFullYear() === now.getFullYear() ? day : dayAndYear;
  return `${date.format(at)}, ${shortClock.format(at)}`;
}

/** `14:32:07.118`: for lists whose head names the zone; another day goes before it. */
export function formatPreciseTime(at: Date, now: Date): string {
  const time = `${clock.format(at)}.${String(at.getMilliseconds()).padStart(3, '0')}`;
  return sameDay(at, now) ? time : `${day.format(at)}, ${time}`;
}

/** `14:32` today, else the day: for where a minute is exact enough. */
export function formatShortTime(at: Date, now: Date): string {
  return sameDay(at, now) ? shortClock.format(at) : formatDay(at, now);
}

/** `4 Dec` this year, `4 Dec 2027` otherwise. */
export function formatDay(at: Date, now: Date): string {
  return (at.getFullYear() === now.getFullYear() ? day : dayAndYear).format(at);
}

/** `in 6 d`, `in 3 h`, `in 12 min`, `now`; only for what is ahead. */
export function formatAhead(at: Date, now: Date): string {
  const minutes = Math.round((at.getTime() - now.getTime()) / 60_000);
  if (minutes <= 0) return 'now';
  if (minutes < 60) return `in ${minutes} min`;
  if (minutes < 48 * 60) return `in ${Math.round(minutes / 60)} h`;
  return `in ${Math.round(minutes / 1440)} d`;
}

/** The reader's zone as it is written in table heads: `CET`, `UTC`, `GMT+9`. */
export function zoneName(at: Date): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' }).formatToParts(at);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? 'local';
}

/** Exact UTC, for hover and for the clipboard. */
export function formatUtc(at: Date): string {
  return at.toISOString().replace('T', ' ').replace('Z', ' UTC');
}
