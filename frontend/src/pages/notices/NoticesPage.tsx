import { Button } from '@mantine/core';
import { noticesApi } from '@sluice/shared/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { toProblem } from '../../api/problem.js';
import { noticesQuery } from '../../api/queries.js';
import { Card } from '../../ui/Card.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { FilterBar, FilterChip } from '../../ui/Filters.js';
import { MoreRows } from '../../ui/LiveRows.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Notice } from '../../ui/Notice.js';
import { Page } from '../../ui/Page.js';
import { useWrite } from '../step-up/use-write.js';
import { NoticeRow } from './NoticeRow.js';
import classes from './Notices.module.css';

const route = getRouteApi('/inside/notices');

/** What the reader is told of, newest first. */
export function NoticesPage() {
  const { show } = route.useSearch();
  const navigate = route.useNavigate();
  const notices = useInfiniteQuery(noticesQuery(show === 'unread' ? { unread: 'true' } : {}));
  const rows = useMemo(() => notices.data?.pages.flatMap((page) => page.items) ?? [], [notices.data]);
  const readAll = useWrite(noticesApi.readAll, { renews: [['notices']] });
  const problem = notices.error && toProblem(notices.error);
  const unread = notices.data?.pages[0]?.unread ?? 0;
  return (
    <Page
      title="Notices"
      subtitle={unread === 0 ? 'What you are told of' : `${unread} unread`}
      actions={
        unread > 0 && (
          <Button variant="default" loading={readAll.busy} onClick={() => readAll.run({})}>
            Mark all as read
          </Button>
        )
      }
    >
      <FilterBar>
        <FilterChip
          name="Show"
          value={show}
          options={[{ value: 'unread', label: 'unread' }]}
          onChange={(value) => void navigate({ search: value === undefined ? {} : { show: value } })}
        />
      </FilterBar>
      {readAll.problem && <Notice tone="failed" title={readAll.problem.message} />}
      {notices.isPending && <LoadingRows what="notices" />}
      {problem && (
        <LoadFailed
          what="Notices"
          message={problem.message}
          requestId={problem.requestId ?? undefined}
          onRetry={() => void notices.refetch()}
        />
      )}
      {notices.data && rows.length === 0 && (
        <EmptyState title={show === 'unread' ? 'Everything is read' : 'Nothing to tell yet'}>
          Runs that fail or are in doubt, decisions, stops, storage and credentials that are due: what concerns you
          stands here, and comes by mail where you want it. Choose what in your account.
        </EmptyState>
      )}
      {rows.length > 0 && (
        <Card flush title="Newest first">
          <ul>
            {rows.map((notice) => (
              <NoticeRow key={notice.id} notice={notice} />
            ))}
          </ul>
          <div className={classes.foot}>
            <MoreRows
              shown={rows.length}
              noun="notice"
              hasMore={notices.hasNextPage}
              busy={notices.isFetchingNextPage}
              onMore={() => void notices.fetchNextPage()}
            />
          </div>
        </Card>
      )}
    </Page>
  );
}
