const day = 24 * 60 * 60 * 1000;

/** The number that a component of a picture stands for, in UTC. */
export function componentOf(date: Date, component: string): number {
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  switch (component) {
    case 'Y':
      return year;
    case 'M':
      return month + 1;
    case 'D':
      return date.getUTCDate();
    case 'd':
      return (Date.UTC(year, month, date.getUTCDate()) - Date.UTC(year, 0)) / day + 1;
    case 'F':
      return date.getUTCDay() || 7;
    case 'W':
      return weekWithin({ date, start: [year, 0], before: [year - 1, 0], after: [year + 1, 0], most: 52 });
    case 'w':
      return weekWithin({
        date,
        start: [year, month],
        before: monthBefore(year, month),
        after: monthAfter(year, month),
        most: 4,
      });
    case 'X':
      if (date.getTime() < firstWeek([year, 0])) return year - 1;
      return date.getTime() >= firstWeek([year + 1, 0]) ? year + 1 : year;
    case 'x':
      if (date.getTime() < firstWeek([year, month])) return monthBefore(year, month)[1] + 1;
      return (date.getTime() >= firstWeek(monthAfter(year, month)) ? monthAfter(year, month)[1] : month) + 1;
    case 'H':
      return date.getUTCHours();
    case 'h':
      return date.getUTCHours() % 12 || 12;
    case 'm':
      return date.getUTCMinutes();
    case 's':
      return date.getUTCSeconds();
    default:
      return date.getUTCMilliseconds();
  }
}

type Month = readonly [year: number, month: number];

function monthBefore(year: number, month: number): Month {
  return month === 0 ? [year - 1, 11] : [year, month - 1];
}

function monthAfter(year: number, month: number): Month {
  return month === 11 ? [year + 1, 0] : [year, month + 1];
}

/** The Monday of the week that holds the first Thursday: ISO 8601 for years, XPath for months. */
function firstWeek([year, month]: Month): number {
  const first = Date.UTC(year, month);
  const weekday = new Date(first).getUTCDay() || 7;
  return weekday > 4 ? first + (8 - weekday) * day : first - (weekday - 1) * day;
}

interface Weeks {
  readonly date: Date;
  readonly start: Month;
  readonly before: Month;
  readonly after: Month;
  readonly most: number;
}

/** Days at the edges belong to the last week before or the first week after. */
function weekWithin({ date, start, before, after, most }: Weeks): number {
  const today = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
  const week = weeksSince(firstWeek(start), today);
  if (week > most && today >= firstWeek(after)) return 1;
  return Math.floor(week < 1 ? weeksSince(firstWeek(before), today) : week);
}

function weeksSince(start: number, today: number): number {
  return (today - start) / (7 * day) + 1;
}
