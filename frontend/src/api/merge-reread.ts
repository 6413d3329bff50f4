/** A page of a list that is ordered by when things began, newest first. */
export interface ReadPage {
  items: readonly { id: string; startedAt: string; endedAt: string | null }[];
  next: string | null;
  searchedTo: string | null;
}

/**
 * Pages with some of them read again, by their number. What a page was read to now replaces all that stood there, so
 * that what is gone goes; what lies further back stays as it was. Null where more has come than a page holds: what lies
 * between is not known. (A search reads thousands of rows for a page, so that it always comes back to what was there.)
 */
export function mergeReread<Page extends ReadPage>(
  pages: readonly Page[],
  reread: ReadonlyMap<number, Page>,
): Page[] | null {
  const newest = pages.flatMap(({ items }) => items)[0]?.startedAt ?? '';
  const first = reread.get(0);
  if (first?.searchedTo === null && (endOf(first) ?? '') > newest) return null;
  const merged: Page[] = [];
  const seen = new Set<string>();
  // Back to here it is known anew; null: nothing is further back.
  let covered: string | null | undefined;
  const isLeft = ({ id, startedAt }: Page['items'][number]) =>
    !seen.has(id) && (covered === undefined || (covered !== null && startedAt <= covered));
  for (const [at, page] of pages.entries()) {
    const fresh = reread.get(at);
    const told = fresh?.items.filter(isLeft) ?? [];
    for (const { id } of told) seen.add(id);
    if (fresh !== undefined) covered = further(covered, endOf(fresh));
    const ends = fresh !== undefined && further(endOf(page), endOf(fresh)) === endOf(fresh) ? fresh : page;
    merged.push({ ...ends, items: [...told, ...page.items.filter(isLeft)] });
    if (covered === null) break;
  }
  return merged;
}

/** The pages whose rows may have changed: the newest, and those with something that has not ended. */
export function changeablePages(pages: readonly ReadPage[]): number[] {
  return [...pages.keys()].filter((at) => at === 0 || pages[at]?.items.some(({ endedAt }) => endedAt === null));
}

/** Back to when a page was read; null: to the end of the list. */
function endOf({ items, next, searchedTo }: ReadPage): string | null {
  return next === null ? null : (searchedTo ?? items.at(-1)?.startedAt ?? null);
}

function further(one: string | null | undefined, other: string | null): string | null {
  if (one === undefined) return other;
  return one === null || other === null ? null : one < other ? one : other;
}
