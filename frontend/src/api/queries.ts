import {
  accessReviewsApi,
  auditApi,
  bulkRetriesApi,
  authApi,
  type Call,
  connectionsApi,
  connectorsApi,
  deadLettersApi,
  deploymentsApi,
  environmentsApi,
  erasuresApi,
  flowsApi,
  grantsApi,
  inboxApi,
  keysApi,
  killSwitchesApi,
  membersApi,
  noticesApi,
  reviewsApi,
  runCountsApi,
  runsApi,
  schedulesApi,
  storageApi,
  tokensApi,
  viewsApi,
} from '@sluice/shared/api';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call } from './client.js';

/*
 * Every read of the screens. The first word of a key is the topic that live events name, so that one event renews
 * all that depends on it.
 */

/** No cursor yet. */
function firstPage(): string | undefined {
  return undefined;
}

export const meQuery = () =>
  queryOptions({ queryKey: ['me'], queryFn: ({ signal }) => call(authApi.me, {}, signal), staleTime: 60_000 });
export const authStatusQuery = () =>
  queryOptions({ queryKey: ['auth-status'], queryFn: ({ signal }) => call(authApi.status, {}, signal) });
export const sessionsQuery = () =>
  queryOptions({ queryKey: ['sessions'], queryFn: ({ signal }) => call(authApi.sessions, {}, signal) });

export const environmentsQuery = () =>
  queryOptions({
    queryKey: ['environments'],
    queryFn: ({ signal }) => call(environmentsApi.list, { query: { limit: 200 } }, signal),
    staleTime: 60_000,
  });
export const membersQuery = () =>
  queryOptions({
    queryKey: ['members'],
    queryFn: ({ signal }) => call(membersApi.list, { query: { limit: 200 } }, signal),
  });
export const accessReviewsQuery = () =>
  queryOptions({
    queryKey: ['members', 'access'],
    queryFn: ({ signal }) => call(accessReviewsApi.list, undefined, signal),
  });
export const tokensQuery = () =>
  queryOptions({
    queryKey: ['tokens'],
    queryFn: ({ signal }) => call(tokensApi.list, { query: { limit: 200 } }, signal),
  });
export const connectorsQuery = () =>
  queryOptions({
    queryKey: ['connectors'],
    queryFn: ({ signal }) => call(connectorsApi.list, {}, signal),
    staleTime: 600_000,
  });

export const flowsQuery = () =>
  queryOptions({
    queryKey: ['flows', 'list'],
    queryFn: ({ signal }) => call(flowsApi.list, { query: { limit: 200 } }, signal),
  });
export const flowQuery = (id: string) =>
  queryOptions({ queryKey: ['flows', id], queryFn: ({ signal }) => call(flowsApi.get, { params: { id } }, signal) });
export const versionQuery = (id: string, version: number) =>
  queryOptions({
    queryKey: ['versions', id, version],
    queryFn: ({ signal }) => call(flowsApi.version, { params: { id, version } }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
export const versionsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['flows', id, 'versions'],
    queryFn: ({ signal, pageParam }) =>
      call(flowsApi.versions, { params: { id }, query: { limit: 20, cursor: pageParam } }, signal),
    initialPageParam: firstPage(),
    getNextPageParam: (last) => last.next ?? undefined,
  });
export const endpointsQuery = (id: string) =>
  queryOptions({
    queryKey: ['flows', id, 'endpoints'],
    queryFn: ({ signal }) => call(deploymentsApi.endpoints, { params: { id } }, signal),
  });

export const pollsQuery = (id: string) =>
  queryOptions({
    queryKey: ['flows', id, 'polls'],
    queryFn: ({ signal }) => call(deploymentsApi.polls, { params: { id } }, signal),
  });

export const connectionsQuery = () =>
  queryOptions({
    queryKey: ['connections', 'list'],
    queryFn: ({ signal }) => call(connectionsApi.list, { query: { limit: 200 } }, signal),
  });

export const connectionQuery = (id: string) =>
  queryOptions({
    queryKey: ['connections', id],
    queryFn: ({ signal }) => call(connectionsApi.get, { params: { id } }, signal),
  });

export const grantsQuery = (filter: Call<typeof grantsApi.list>['query'] = {}) =>
  queryOptions({
    queryKey: ['grants', 'list', filter],
    queryFn: ({ signal }) => call(grantsApi.list, { query: { limit: 200, ...filter } }, signal),
  });

export const reviewsQuery = (filter: { environment?: string | undefined }) =>
  queryOptions({
    queryKey: ['reviews', filter],
    queryFn: ({ signal }) => call(reviewsApi.list, { query: filter }, signal),
  });

export type RunFilter = NonNullable<Call<typeof runsApi.list>['query']>;
export const runsQuery = (filter: RunFilter) =>
  infiniteQueryOptions({
    queryKey: ['runs', 'list', filter],
    queryFn: ({ signal, pageParam }) =>
      call(runsApi.list, { query: { limit: 50, ...filter, cursor: pageParam } }, signal),
    initialPageParam: firstPage(),
    getNextPageParam: (last) => last.next ?? undefined,
  });
/** Counts over a span that ends now: they move on with the minute of `from`. */
export const runCountsQuery = (query: NonNullable<Call<typeof runCountsApi.get>['query']>) =>
  queryOptions({
    queryKey: ['runs', 'counts', query],
    queryFn: ({ signal }) => call(runCountsApi.get, { query }, signal),
    placeholderData: (before) => before,
  });
export const deadLettersQuery = () =>
  queryOptions({
    queryKey: ['runs', 'dead-letters'],
    queryFn: ({ signal }) => call(deadLettersApi.counts, {}, signal),
  });
export const bulkRetriesQuery = () =>
  queryOptions({
    queryKey: ['runs', 'bulk-retries'],
    queryFn: ({ signal }) => call(bulkRetriesApi.list, { query: { limit: 5 } }, signal),
  });
export const runQuery = (id: string) =>
  queryOptions({ queryKey: ['runs', id], queryFn: ({ signal }) => call(runsApi.get, { params: { id } }, signal) });

/** Passes of one loop of a run, failed ones first. */
export const passesQuery = ({ run, step }: { run: string; step: string }) =>
  infiniteQueryOptions({
    queryKey: ['runs', run, 'passes', step],
    queryFn: ({ signal, pageParam }) => readPasses({ run, step, cursor: pageParam }, signal),
    initialPageParam: firstPage(),
    getNextPageParam: (last) => last.next ?? undefined,
  });
export const passesPageQuery = (of: { run: string; step: string; cursor: string | undefined }) =>
  queryOptions({
    queryKey: ['runs', of.run, 'passes', of.step, 'page', of.cursor],
    queryFn: ({ signal }) => readPasses(of, signal),
  });
function readPasses(of: { run: string; step: string; cursor: string | undefined }, signal: AbortSignal) {
  return call(
    runsApi.passes,
    { params: { id: of.run }, query: { step: of.step, limit: 50, cursor: of.cursor } },
    signal,
  );
}
/** Requests that a run sent, in its loops too. */
export const runCallsQuery = (run: string) =>
  infiniteQueryOptions({
    queryKey: ['runs', run, 'calls'],
    queryFn: ({ signal, pageParam }) =>
      call(runsApi.calls, { params: { id: run }, query: { limit: 50, cursor: pageParam } }, signal),
    initialPageParam: firstPage(),
    getNextPageParam: (last) => last.next ?? undefined,
  });
/** The passes around a step inside of loops. */
/** What the log holds of one step, by its key. */
export const stepEntriesQuery = (run: string, stepId: string) =>
  infiniteQueryOptions({
    queryKey: ['runs', run, 'entries', stepId],
    queryFn: ({ signal, pageParam }) =>
      call(runsApi.stepEntries, { params: { id: run, stepId }, query: { limit: 50, cursor: pageParam } }, signal),
    initialPageParam: firstPage(),
    getNextPageParam: (last) => last.next ?? undefined,
  });
export const aroundQuery = (run: string, stepId: string) =>
  queryOptions({
    queryKey: ['runs', run, 'around', stepId],
    queryFn: ({ signal }) => call(runsApi.around, { params: { id: run, stepId } }, signal),
  });
export const retryPlanQuery = (id: string, query: Pick<Call<typeof runsApi.planRetry>, 'query'>['query']) =>
  queryOptions({
    queryKey: ['runs', id, 'retry', query],
    queryFn: ({ signal }) => call(runsApi.planRetry, { params: { id }, query }, signal),
  });
/** Questions that runs ask people. */
export const decisionsQuery = () =>
  queryOptions({
    queryKey: ['runs', 'decisions'],
    queryFn: ({ signal }) => call(runsApi.decisions, { query: { limit: 200 } }, signal),
  });

/** Of all screens: few, and the same on each. */
export const viewsQuery = () =>
  queryOptions({
    queryKey: ['views'],
    queryFn: ({ signal }) => call(viewsApi.list, {}, signal),
    staleTime: 60_000,
  });

export type InboxFilter = NonNullable<Call<typeof inboxApi.list>['query']>;
export const inboxQuery = (filter: InboxFilter) =>
  infiniteQueryOptions({
    queryKey: ['inbox', 'list', filter],
    queryFn: ({ signal, pageParam }) =>
      call(inboxApi.list, { query: { limit: 50, ...filter, cursor: pageParam } }, signal),
    initialPageParam: firstPage(),
    getNextPageParam: (last) => last.next ?? undefined,
  });

/** Times move on by themselves. */
export const schedulesQuery = () =>
  queryOptions({
    queryKey: ['runs', 'schedules'],
    queryFn: ({ signal }) => call(schedulesApi.list, {}, signal),
    refetchInterval: 60_000,
  });
export const nextTimesQuery = (query: { pattern: string; timeZone: string }) =>
  queryOptions({
    queryKey: ['next-times', query],
    queryFn: ({ signal }) => call(schedulesApi.preview, { query }, signal),
    placeholderData: (before) => before,
  });

export const killSwitchesQuery = (status: 'on' | 'released') =>
  queryOptions({
    queryKey: ['kill-switches', status],
    queryFn: ({ signal }) => call(killSwitchesApi.list, { query: { status, limit: 100 } }, signal),
  });

export const keysQuery = () =>
  queryOptions({ queryKey: ['keys'], queryFn: ({ signal }) => call(keysApi.list, {}, signal) });
export const noticesQuery = (filter: Pick<NonNullable<Call<typeof noticesApi.list>['query']>, 'unread'>) =>
  infiniteQueryOptions({
    queryKey: ['notices', 'list', filter],
    queryFn: ({ signal, pageParam }) =>
      call(noticesApi.list, { query: { limit: 50, ...filter, cursor: pageParam } }, signal),
    initialPageParam: firstPage(),
    getNextPageParam: (last) => last.next ?? undefined,
  });
export const unreadQuery = () =>
  queryOptions({
    queryKey: ['notices', 'unread'],
    queryFn: ({ signal }) => call(noticesApi.list, { query: { limit: 1, unread: 'true' } }, signal),
    select: ({ unread }) => unread,
  });
export const noticePreferencesQuery = () =>
  queryOptions({
    queryKey: ['notices', 'preferences'],
    queryFn: ({ signal }) => call(noticesApi.preferences, {}, signal),
  });
export const deliveriesQuery = () =>
  queryOptions({
    queryKey: ['notices', 'deliveries'],
    queryFn: ({ signal }) => call(noticesApi.deliveries, { query: { status: 'failed', limit: 50 } }, signal),
  });
export const noticeWebhookQuery = () =>
  queryOptions({ queryKey: ['notices', 'webhook'], queryFn: ({ signal }) => call(noticesApi.webhook, {}, signal) });
export const storageQuery = () =>
  queryOptions({
    queryKey: ['storage'],
    queryFn: ({ signal }) => call(storageApi.get, {}, signal),
    refetchInterval: 60_000,
  });
export const deputiesQuery = (flow: string) =>
  queryOptions({
    queryKey: ['flows', flow, 'deputies'],
    queryFn: ({ signal }) => call(noticesApi.deputies, { params: { id: flow } }, signal),
  });

export type AuditFilter = NonNullable<Call<typeof auditApi.list>['query']>;
export const erasuresQuery = () =>
  infiniteQueryOptions({
    queryKey: ['erasures', 'list'],
    queryFn: ({ signal, pageParam }) => call(erasuresApi.list, { query: { limit: 50, cursor: pageParam } }, signal),
    initialPageParam: firstPage(),
    getNextPageParam: (last) => last.next ?? undefined,
  });
export const erasureQuery = (id: string) =>
  queryOptions({
    queryKey: ['erasures', id],
    queryFn: ({ signal }) => call(erasuresApi.get, { params: { id } }, signal),
  });
/** `seen`: what the search had found by then. */
export const findingsQuery = ({ id, seen }: { id: string; seen: string }) =>
  infiniteQueryOptions({
    queryKey: ['erasures', id, 'findings', seen],
    queryFn: ({ signal, pageParam }) =>
      call(erasuresApi.findings, { params: { id }, query: { limit: 50, cursor: pageParam } }, signal),
    initialPageParam: firstPage(),
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: (before) => before,
  });
export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit-list', filter],
    queryFn: ({ signal, pageParam }) =>
      call(auditApi.list, { query: { limit: 50, ...filter, cursor: pageParam } }, signal),
    initialPageParam: firstPage(),
    getNextPageParam: (last) => last.next ?? undefined,
  });
export const auditCheckpointQuery = () =>
  queryOptions({
    queryKey: ['audit', 'checkpoint'],
    queryFn: ({ signal }) => call(auditApi.checkpoint, {}, signal),
    refetchInterval: 60_000,
  });
export const auditStatusQuery = () =>
  queryOptions({
    queryKey: ['audit', 'status'],
    queryFn: ({ signal }) => call(auditApi.status, {}, signal),
    refetchInterval: 60_000,
  });
