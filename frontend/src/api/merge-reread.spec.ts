import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeablePages, mergeReread, type ReadPage } from './merge-reread.js';

const timeOf = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString();
const run = (n: number, endedAt: string | null = timeOf(n)) => ({ id: `run_${n}`, startedAt: timeOf(n), endedAt });
const page = (runs: number[], { next = 'more', searchedTo = null as number | null } = {}): ReadPage => ({
  items: runs.map((n) => run(n)),
  next: next === '' ? null : next,
  searchedTo: searchedTo === null ? null : timeOf(searchedTo),
});
const told = (pages: readonly ReadPage[] | null) =>
  (pages ?? []).map(({ items }) => items.map(({ id }) => Number(id.slice(4))));

describe('pages of a list, some of them read again', () => {
  it('keep what lies further back when a new one comes first', () => {
    const pages = [page([9, 8, 7]), page([6, 5, 4]), page([3, 2], { next: '' })];
    expect(told(mergeReread(pages, new Map([[0, page([10, 9, 8])]])))).toEqual([
      [10, 9, 8, 7],
      [6, 5, 4],
      [3, 2],
    ]);
  });

  it('lose what is gone from where they were read to, and nothing else', () => {
    const pages = [page([9, 8, 7]), page([6, 5, 4]), page([3, 2], { next: '' })];
    expect(told(mergeReread(pages, new Map([[0, page([9, 7, 6])]])))).toEqual([
      [9, 7, 6],
      [5, 4],
      [3, 2],
    ]);
    expect(told(mergeReread(pages, new Map([[0, page([9], { searchedTo: 5 })]])))).toEqual([[9], [5, 4], [3, 2]]);
    expect(told(mergeReread(pages, new Map([[0, page([9, 3], { next: '' })]])))).toEqual([[9, 3]]);
  });

  it('go on from where they were read to at the furthest', () => {
    const last = page([], { next: 'b', searchedTo: 4 });
    const further = mergeReread([page([9]), last], new Map([[1, page([2], { next: 'c', searchedTo: 1 })]]));
    expect(further?.at(-1)).toMatchObject({ next: 'c', searchedTo: timeOf(1) });
    const nearer = mergeReread([page([9]), last], new Map([[1, page([], { next: 'a', searchedTo: 6 })]]));
    expect(nearer?.at(-1)).toMatchObject({ next: 'b', searchedTo: timeOf(4) });
  });

  it('are read again where something has not ended, and the newest always', () => {
    const waits = { ...page([3]), items: [run(3, null)] };
    expect(changeablePages([page([9]), page([6]), waits])).toEqual([0, 2]);
  });

  it('tell what a whole reading would, whatever came, went and ended', () => {
    const size = 3;
    const listed = (runs: readonly number[]) => {
      const pages: ReadPage[] = [];
      for (let at = 0; at === 0 || at < runs.length; at += size)
        pages.push(page(runs.slice(at, at + size), { next: at + size < runs.length ? 'more' : '' }));
      return pages;
    };
    const newestFirst = (runs: Iterable<number>) => [...new Set(runs)].toSorted((a, b) => b - a);
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(30), { minLength: 4, maxLength: 15 }),
        fc.array(fc.integer({ min: 31, max: 40 }), { maxLength: 5 }),
        fc.nat(2),
        (before, came, gone) => {
          const was = newestFirst(before);
          // Only what stood on the first page went.
          const is = newestFirst([...came, ...was.filter((_, at) => at !== gone)]);
          const merged = mergeReread(listed(was), new Map([[0, listed(is)[0] ?? page([])]]));
          if (merged === null) {
            expect(came.length).toBeGreaterThanOrEqual(size);
            return;
          }
          const seen = told(merged).flat();
          // What had gone from behind where it was read to is found at the next reading.
          expect(seen.filter((n) => is.includes(n))).toEqual(is);
          expect(seen).toEqual(newestFirst(seen));
          if (came.length === 0) expect(seen).toEqual(is);
        },
      ),
    );
  });
});
