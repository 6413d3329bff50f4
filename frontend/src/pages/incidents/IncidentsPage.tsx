import { Button } from '@mantine/core';
import { IconHandStop } from '@tabler/icons-react';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { toProblem } from '../../api/problem.js';
import { killSwitchesQuery, meQuery } from '../../api/queries.js';
import { plural } from '../../lib/format-count.js';
import { Card } from '../../ui/Card.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Page } from '../../ui/Page.js';
import { ReleasedSwitch } from './ReleasedSwitch.js';
import { StopDialog } from './StopDialog.js';
import { SwitchInForce } from './SwitchInForce.js';

const route = getRouteApi('/inside/incidents');

/** What is stopped now, and what was: the first question under stress is whether it is off. */
export function IncidentsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const me = useSuspenseQuery(meQuery()).data;
  const inForce = useQuery(killSwitchesQuery('on'));
  const released = useQuery(killSwitchesQuery('released')).data?.items ?? [];
  const mayStop = me.permissions.includes('killswitches.manage');
  const on = inForce.data?.items ?? [];
  const problem = inForce.error && toProblem(inForce.error);
  const stop = (
    <Button
      color="danger"
      leftSection={<IconHandStop size={16} stroke={2} />}
      onClick={() => void navigate({ search: { stop: 'new' } })}
    >
      Stop something
    </Button>
  );
  return (
    <Page
      title="Incidents"
      subtitle="A kill switch stops a flow, connection, connector, host or environment within a second."
      actions={mayStop && on.length > 0 && stop}
    >
      {inForce.isPending && <LoadingRows what="kill switches" />}
      {problem && (
        <LoadFailed
          what="Kill switches"
          message={problem.message}
          requestId={problem.requestId ?? undefined}
          onRetry={() => void inForce.refetch()}
        />
      )}
      {inForce.data && on.length === 0 && (
        <EmptyState title="Nothing is stopped" action={mayStop && stop}>
          A stop holds on every machine: no call leaves, deliveries get 503 so that their senders try again, and steps
          under way wait. Nothing fails because of it, and all of it goes on once it is released.
        </EmptyState>
      )}
      {on.length > 0 && (
        <Card flush title="Kill switches" aside={`${plural(on.length, 'stop')} in force`}>
          <ul>
            {on.map((each) => (
              <SwitchInForce key={each.id} killSwitch={each} mayRelease={mayStop} me={me.id} />
            ))}
          </ul>
        </Card>
      )}
      {released.length > 0 && (
        <Card flush title="Released" aside={plural(released.length, 'stop')}>
          <ul>
            {released.map((each) => (
              <ReleasedSwitch key={each.id} killSwitch={each} />
            ))}
          </ul>
        </Card>
      )}
      {search.stop && mayStop && <StopDialog onClose={() => void navigate({ search: {} })} />}
    </Page>
  );
}
