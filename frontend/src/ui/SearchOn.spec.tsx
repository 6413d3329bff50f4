import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider, useInfiniteQuery } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { SearchOn } from './SearchOn.js';

type Page = { items: string[]; next: string | null; searchedTo: string | null };
const short: Page = { items: [], next: 'on', searchedTo: '2026-03-05T12:00:00.000Z' };

function List({ read }: { read: () => Promise<Page> }) {
  const list = useInfiniteQuery({
    queryKey: ['things'],
    queryFn: read,
    initialPageParam: '',
    getNextPageParam: (last: Page) => last.next,
  });
  return (
    <>
      <SearchOn list={list} />
      <p>{list.hasNextPage ? 'more' : 'all'}</p>
    </>
  );
}

function show(read: () => Promise<Page>) {
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <List read={read} />
      </QueryClientProvider>
    </MantineProvider>,
  );
}

it('goes on by itself until the search is through, and then says nothing', async () => {
  const read = vi.fn<() => Promise<Page>>().mockResolvedValue(short);
  for (let n = 0; n < 4; n += 1) read.mockResolvedValueOnce(short);
  read.mockResolvedValueOnce({ items: ['found'], next: null, searchedTo: null });
  show(read);
  await vi.waitFor(() => expect(read).toHaveBeenCalledTimes(5), 10_000);
  await screen.findByText('all');
  expect(screen.queryByRole('status')).toBeNull();
});

it('says how far it came, and asks before it takes long', async () => {
  const read = vi.fn<() => Promise<Page>>().mockResolvedValue(short);
  show(read);
  await userEvent.click(await screen.findByRole('button', { name: 'Search on' }));
  await vi.waitFor(() => expect(read).toHaveBeenCalledTimes(40), 10_000);
  expect(screen.getByRole('status').textContent).toMatch(/^Nothing found back to 5 Mar/);
});
