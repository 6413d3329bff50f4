import { Button, Loader } from '@mantine/core';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { formatTime } from '../lib/format-time.js';
import { now } from '../lib/now.js';
import classes from './SearchOn.module.css';

/** Pages that are asked for without being told to: some seconds of the server's time. */
const pagesAtATime = 20;
const enoughRows = 50;

interface SearchedPage {
  items: readonly unknown[];
  searchedTo: string | null;
}

/** Of a list that no index finds: how far back it was searched; the search goes on by itself until it fills a page. */
export function SearchOn({ list }: { list: UseInfiniteQueryResult<InfiniteData<SearchedPage>> }) {
  const { data, isFetching, isError, fetchNextPage } = list;
  const pages = data?.pages ?? [];
  const [allowed, setAllowed] = useState(pagesAtATime);
  const searchedTo = pages.at(-1)?.searchedTo ?? null;
  const rows = pages.reduce((sum, { items }) => sum + items.length, 0);
  const goesOn = searchedTo !== null && rows < enoughRows && pages.length < allowed && !isError;
  useEffect(() => {
    if (goesOn && !isFetching) void fetchNextPage();
    // A page may come before its fetching was drawn.
  }, [goesOn, isFetching, pages.length, fetchNextPage]);
  if (searchedTo === null) return null;
  return (
    <div className={classes.line} role="status">
      {goesOn && <Loader size={14} aria-hidden />}
      <span>
        {rows === 0 ? 'Nothing found back to ' : 'Searched back to '}
        <span className="numbers">{formatTime(new Date(searchedTo), now())}</span>
      </span>
      {goesOn ? (
        <Button size="xs" variant="subtle" onClick={() => setAllowed(pages.length)}>
          Stop
        </Button>
      ) : (
        <Button size="xs" variant="default" onClick={() => setAllowed(pages.length + pagesAtATime)}>
          Search on
        </Button>
      )}
    </div>
  );
}
