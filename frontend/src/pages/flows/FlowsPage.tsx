import { Button } from '@mantine/core';
import type { FlowReply } from '@sluice/shared/api';
import { IconPlus } from '@tabler/icons-react';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { toProblem } from '../../api/problem.js';
import { environmentsQuery, flowsQuery, meQuery } from '../../api/queries.js';
import { plural } from '../../lib/format-count.js';
import { useKeys } from '../../lib/use-keys.js';
import { DataTable } from '../../ui/DataTable.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { FilterBar, FilterChip, SearchField } from '../../ui/Filters.js';
import { Keys } from '../../ui/Keys.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Page } from '../../ui/Page.js';
import { byNeed, flowState } from './flow-state.js';
import { flowColumns } from './flow-columns.js';
import { FirstFlow } from './FirstFlow.js';
import { ImportButton } from './ImportButton.js';
import { NewFlowDialog } from './NewFlowDialog.js';

const route = getRouteApi('/inside/flows');
const states = [
  { value: 'needs', label: 'needs someone' },
  { value: 'healthy', label: 'healthy' },
  { value: 'off', label: 'not deployed' },
] as const;

export function FlowsPage() {
  const navigate = useNavigate();
  const me = useSuspenseQuery(meQuery()).data;
  const flows = useQuery(flowsQuery());
  const [isNaming, setNaming] = useState(false);
  const mayEdit = me.permissions.includes('flows.edit');
  useKeys({ n: () => mayEdit && setNaming(true) });
  return (
    <Page
      title="Flows"
      actions={
        mayEdit && (
          <>
            <ImportButton />
            <Button
              leftSection={<IconPlus size={16} stroke={2} />}
              rightSection={<Keys onAccent>N</Keys>}
              onClick={() => setNaming(true)}
            >
              New flow
            </Button>
          </>
        )
      }
    >
      {flows.isPending && <LoadingRows what="flows" />}
      {flows.error && <LoadFailed what="Flows" {...failure(flows.error)} onRetry={() => void flows.refetch()} />}
      {flows.data?.items.length === 0 && <FirstFlow mayEdit={mayEdit} />}
      {flows.data && flows.data.items.length > 0 && (
        <FlowList
          flows={flows.data.items}
          onOpen={(flow) => void navigate({ to: '/flows/$flowId', params: { flowId: flow.id } })}
        />
      )}
      {isNaming && <NewFlowDialog onClose={() => setNaming(false)} />}
    </Page>
  );
}

function failure(thrown: Error) {
  const problem = toProblem(thrown);
  return { message: problem.message, requestId: problem.requestId ?? undefined };
}

function FlowList(props: { flows: readonly FlowReply[]; onOpen: (flow: FlowReply) => void }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const environments = useQuery(environmentsQuery()).data?.items ?? [];
  const me = useSuspenseQuery(meQuery()).data;
  const shown = props.flows.filter((flow) => matches(flow, search)).sort(byNeed);
  const needing = props.flows.filter((flow) => flowState(flow).needsSomeone).length;
  return (
    <>
      <FilterBar
        count={`${plural(props.flows.length, 'flow')}, ${needing} ${needing === 1 ? 'needs' : 'need'} someone`}
      >
        <SearchField
          label="Flow, connector, owner"
          value={search.q ?? ''}
          onChange={(q) => void navigate({ search: { ...search, q: q || undefined }, replace: true })}
        />
        <FilterChip
          name="Environment"
          value={search.environment}
          options={environments.map(({ name }) => ({ value: name, label: name }))}
          onChange={(environment) => void navigate({ search: { ...search, environment } })}
        />
        <FilterChip
          name="State"
          value={search.state}
          options={states}
          onChange={(state) => void navigate({ search: { ...search, state } })}
        />
      </FilterBar>
      {shown.length === 0 ? (
        <EmptyState
          title="No flow matches"
          action={
            <Button variant="default" onClick={() => void navigate({ search: {} })}>
              Clear filters
            </Button>
          }
        />
      ) : (
        <DataTable
          label="Flows"
          density="tall"
          columns={flowColumns({ environments, mayEdit: me.permissions.includes('flows.edit') })}
          rows={shown}
          rowId={(flow) => flow.id}
          onOpen={props.onOpen}
        />
      )}
    </>
  );
}

function matches(
  flow: FlowReply,
  search: { q?: string | undefined; environment?: string | undefined; state?: string | undefined },
): boolean {
  const words = [flow.name, flow.owner.name, ...flow.connectors, ...flow.classes].join(' ').toLowerCase();
  if (search.q && !words.includes(search.q.toLowerCase())) return false;
  if (search.environment && !flow.deployments.some(({ environment }) => environment === search.environment))
    return false;
  if (!search.state) return true;
  const { status, needsSomeone } = flowState(flow);
  return search.state === 'needs' ? needsSomeone : status === search.state;
}
