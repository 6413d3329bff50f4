import { Button } from '@mantine/core';
import type { Erasure } from '@sluice/shared/api';
import { IconUserSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { toProblem } from '../../api/problem.js';
import { erasuresQuery } from '../../api/queries.js';
import { plural } from '../../lib/format-count.js';
import { Card } from '../../ui/Card.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Page } from '../../ui/Page.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { Time } from '../../ui/Time.js';
import { AuditTabs } from '../audit/AuditTabs.js';
import { OneErasure } from './OneErasure.js';
import { SearchDialog } from './SearchDialog.js';
import { stateOf } from './state-words.js';
import classes from './Erasures.module.css';

const route = getRouteApi('/inside/audit/erasures');

/** Where a person's data is looked for and erased: searches of before, and the one that is open. */
export function ErasuresPage() {
  const { open } = route.useSearch();
  const navigate = route.useNavigate();
  const [isAsking, setAsking] = useState(false);
  return (
    <Page
      title="Erase a person’s data"
      heading="Audit"
      tabs={<AuditTabs view="erasures" />}
      actions={
        <Button leftSection={<IconUserSearch size={16} stroke={1.75} />} onClick={() => setAsking(true)}>
          Look for a person
        </Button>
      }
    >
      <div className={classes.column}>
        {open === undefined ? <Erasures onAsk={() => setAsking(true)} /> : <OneErasure key={open} id={open} />}
      </div>
      {isAsking && (
        <SearchDialog
          onClose={() => setAsking(false)}
          onStarted={(id) => {
            setAsking(false);
            void navigate({ search: { open: id } });
          }}
        />
      )}
    </Page>
  );
}

function Erasures(props: { onAsk: () => void }) {
  const erasures = useInfiniteQuery(erasuresQuery());
  const rows = erasures.data?.pages.flatMap((page) => page.items) ?? [];
  const problem = erasures.error && toProblem(erasures.error);
  if (erasures.isPending) return <LoadingRows what="searches" />;
  if (problem)
    return (
      <LoadFailed
        what="The searches"
        message={problem.message}
        requestId={problem.requestId ?? undefined}
        onRetry={() => void erasures.refetch()}
      />
    );
  if (rows.length === 0)
    return (
      <EmptyState
        title="Nobody’s data was looked for yet"
        action={<Button onClick={props.onAsk}>Look for a person</Button>}
      >
        When somebody asks for their data to be erased, look for an e-mail address or an order number. You see where it
        stands, never the values, and erase it there. The log keeps every entry, and every proof stays valid.
      </EmptyState>
    );
  return (
    <Card
      flush
      title="Searches"
      foot={
        erasures.hasNextPage && (
          <Button
            size="sm"
            variant="default"
            loading={erasures.isFetchingNextPage}
            onClick={() => void erasures.fetchNextPage()}
          >
            Show more
          </Button>
        )
      }
    >
      <ul>
        {rows.map((erasure) => (
          <ErasureRow key={erasure.id} erasure={erasure} />
        ))}
      </ul>
    </Card>
  );
}

function ErasureRow({ erasure }: { erasure: Erasure }) {
  const { status, says } = stateOf(erasure);
  return (
    <li className={classes.row}>
      <div className={classes.grow}>
        <Link to="/audit/erasures" search={{ open: erasure.id }} className={classes.reason}>
          {erasure.reason}
        </Link>
        <div className="label">
          {erasure.by.name}, <Time at={erasure.startedAt} />
        </div>
      </div>
      <EnvironmentChip name={erasure.environment} small />
      <div className={classes.state}>
        <StatusBadge status={status}>{says}</StatusBadge>
        <span className="label">
          {plural(erasure.found, 'place')} found, {erasure.erased} erased
        </span>
      </div>
    </li>
  );
}
