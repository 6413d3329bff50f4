import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';

/** Where a row stands in a list that is ordered by time, and by id where times are equal. */
export interface Place {
  at: Date;
  id: string;
}

interface Question<Row extends ObjectLiteral> {
  /** What an index finds; asked for once a statement. */
  indexed(): SelectQueryBuilder<Row>;
  /** Adds what only the rows themselves tell. Null: the index finds all of it. */
  narrow: ((query: SelectQueryBuilder<Row>) => void) | null;
  /** The two properties that the list is ordered by. */
  order: { at: string; id: string };
  placeOf(row: Row): Place;
}

interface Page {
  /** The last place of the page before. */
  after: Place | null;
  limit: number;
  /** Milliseconds since 1970. */
  now: number;
  /** Rows that are read between two looks at the time: about 10 ms. */
  windowRows?: number;
  budgetMs?: number;
}

export interface Found<Row> {
  rows: Row[];
  /** Where the next page begins; null at the end. */
  next: Place | null;
  /** Up to where it was looked when time was up before the page was full. */
  searchedTo: Date | null;
}

/** Most pages are full of what happened lately: the tables of the days before are opened only when they are not. */
const lateMs = 8 * 86_400_000;

/**
 * A page of a list, newest first. What no index finds is looked for window by window, and where that takes long the
 * page says how far it came: so it takes the same time over a thousand rows as over ten millions.
 */
export async function lookBack<Row extends ObjectLiteral>(
  { indexed, narrow, order, placeOf }: Question<Row>,
  { after, limit, now, windowRows = 5000, budgetMs = 120 }: Page,
): Promise<Found<Row>> {
  const newestFirst = (from: Place | null, since: Date | null) => {
    const query = indexed();
    if (since !== null) query.andWhere(`${order.at} >= :since`, { since });
    // The second says again what the first does, so that the planner leaves out whole days.
    if (from !== null)
      query.andWhere(`(${order.at}, ${order.id}) < (:fromAt, :fromId) and ${order.at} <= :fromAt`, {
        fromAt: from.at,
        fromId: from.id,
      });
    return query.orderBy(order.at, 'DESC').addOrderBy(order.id, 'DESC');
  };
  const late = (from: Place | null) => new Date((from?.at.getTime() ?? now) - lateMs);
  const full = (rows: Row[]): Found<Row> => {
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return { rows, next: last === undefined ? null : placeOf(last), searchedTo: null };
  };
  if (narrow === null) {
    const rows = await newestFirst(after, late(after)).limit(limit).getMany();
    return full(rows.length === limit ? rows : await newestFirst(after, null).limit(limit).getMany());
  }

  const endOfWindow = async (from: Place | null) => {
    for (const since of [late(from), null]) {
      const end = await newestFirst(from, since)
        .select(order.at, 'at')
        .addSelect(order.id, 'id')
        .offset(windowRows - 1)
        .limit(1)
        .getRawOne<Place>();
      if (end !== undefined) return end;
    }
    return null;
  };
  const rows: Row[] = [];
  const until = performance.now() + budgetMs;
  let from = after;
  do {
    const end = await endOfWindow(from);
    const query = newestFirst(from, end?.at ?? null);
    if (end !== null)
      query.andWhere(`(${order.at}, ${order.id}) >= (:endAt, :endId)`, { endAt: end.at, endId: end.id });
    narrow(query);
    rows.push(...(await query.limit(limit - rows.length).getMany()));
    if (end === null || rows.length === limit) return full(rows);
    from = end;
  } while (performance.now() < until);
  return { rows, next: from, searchedTo: from.at };
}
