import { runsApi } from '@sluice/shared/api';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { call } from '../../api/client.js';
import { deadLettersQuery, decisionsQuery, grantsQuery, meQuery, unreadQuery } from '../../api/queries.js';
import { formatCount } from '../../lib/format-count.js';
import { requestsOf } from '../approvals/request.js';
import type { Place } from './places.js';

export interface Badge {
  count: number | string;
  /** Something that waits for the reader, not just news. */
  isYours: boolean;
  says: string;
}

/** The counts beside the navigation; absent where nothing waits. */
export function useBadges(): Partial<Record<Place['to'], Badge>> {
  const { permissions } = useSuspenseQuery(meQuery()).data;
  const pending = useQuery({ ...grantsQuery({ status: 'pending' }), enabled: permissions.includes('grants.read') });
  const asked = useQuery({ ...decisionsQuery(), enabled: permissions.includes('runs.read') });
  const inDoubt = useQuery({
    queryKey: ['runs', 'in-doubt'],
    queryFn: ({ signal }) => call(runsApi.list, { query: { status: 'in_doubt', limit: 99 } }, signal),
    enabled: permissions.includes('runs.read'),
  });
  const letters = useQuery({ ...deadLettersQuery(), enabled: permissions.includes('runs.read') }).data;
  // What flows want to be allowed, and what runs ask: both are decided on one screen.
  const waiting = [...requestsOf(pending.data?.items ?? []), ...(asked.data?.items ?? [])];
  const doubts = inDoubt.data?.items.length ?? 0;
  const isYours = waiting.some(({ mayDecide }) => mayDecide);
  return {
    ...(waiting.length > 0 && {
      '/approvals': { count: waiting.length, isYours, says: isYours ? 'waiting for you' : 'waiting' },
    }),
    ...(doubts > 0 && { '/runs': { count: doubts, isYours: true, says: 'in doubt' } }),
    ...(letters &&
      letters.open > 0 && {
        '/dead-letters': {
          count: letters.isMore ? `${formatCount(letters.open)}+` : formatCount(letters.open),
          isYours: letters.mine > 0,
          says: letters.mine > 0 ? `open, ${formatCount(letters.mine)} of flows of yours` : 'open',
        },
      }),
  };
}

/** How many notices the reader has not read; absent where none. */
export function useUnread(): Badge | undefined {
  const count = useQuery(unreadQuery()).data ?? 0;
  return count === 0 ? undefined : { count, isYours: true, says: 'unread' };
}
