import { type Reply, runsApi } from '@sluice/shared/api';
import type { InfiniteData, Query, QueryClient, QueryKey } from '@tanstack/react-query';
import { call } from './client.js';
import { changeablePages, mergeReread } from './merge-reread.js';
import type { RunFilter } from './queries.js';

type Pages = InfiniteData<Reply<typeof runsApi.list>, string | undefined>;

/**
 * Renews what is told of runs. Of a list that was read far back only the pages that may have changed are read again: a
 * search would go through all of its time anew at each event.
 */
export function runsRenewer(client: QueryClient): () => void {
  /** Being read; true: something happened meanwhile. */
  const running = new Map<string, boolean>();
  async function reread(queryKey: QueryKey, filter: RunFilter): Promise<void> {
    const before = client.getQueryData<Pages>(queryKey);
    if (before === undefined) return;
    const { pageParams } = before;
    const read = changeablePages(before.pages).map(
      async (at) => [at, await call(runsApi.list, { query: { ...filter, cursor: pageParams[at] } })] as const,
    );
    const fresh = new Map(await Promise.all(read));
    const now = client.getQueryData<Pages>(queryKey);
    // A page that came meanwhile stays; what was read anew from its beginning is another list.
    if (now === undefined || pageParams.some((param, at) => now.pageParams[at] !== param)) return;
    const pages = mergeReread(now.pages, fresh);
    if (pages === null) await client.invalidateQueries({ queryKey, exact: true });
    else client.setQueryData<Pages>(queryKey, { pages, pageParams: now.pageParams.slice(0, pages.length) });
  }
  function renewList({ queryKey, queryHash }: Query, filter: RunFilter): void {
    if (running.has(queryHash)) return void running.set(queryHash, true);
    running.set(queryHash, false);
    void reread(queryKey, filter)
      .catch(() => client.invalidateQueries({ queryKey, exact: true }))
      .finally(() => {
        const again = running.get(queryHash);
        running.delete(queryHash);
        const query = client.getQueryCache().get(queryHash);
        if (again === true && query?.isActive() === true) renewList(query, filter);
      });
  }
  return () => {
    const lists = client.getQueryCache().findAll({ queryKey: ['runs', 'list'], type: 'active' });
    const long = new Map(lists.flatMap((query) => rereadOf(query)));
    for (const [query, filter] of long) renewList(query, filter);
    void client.invalidateQueries({ queryKey: ['runs'], predicate: (query) => !long.has(query) });
  };
}

/** How a list of several pages was asked for; nothing for another, and for dead letters, which others close. */
function rereadOf(query: Query): [Query, RunFilter][] {
  const { data } = query.state;
  const isLong = typeof data === 'object' && data !== null && 'pages' in data && Object(data.pages).length > 1;
  const asked = runsApi.list.query.safeParse(query.queryKey[2]);
  return isLong && asked.success && asked.data.letter === undefined ? [[query, asked.data]] : [];
}
