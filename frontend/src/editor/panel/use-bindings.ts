import { deploymentsApi } from '@sluice/shared/api';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { call } from '../../api/client.js';
import { connectionsQuery } from '../../api/queries.js';
import { useFlowId } from '../store/flow-id.js';

export const deploymentsQuery = (id: string) =>
  queryOptions({
    queryKey: ['flows', id, 'deployments'],
    queryFn: ({ signal }) => call(deploymentsApi.list, { params: { id }, query: { limit: 200 } }, signal),
  });

/** What is bound to the flow's slots where it runs now. */
export function useBindings() {
  const deployments = useQuery(deploymentsQuery(useFlowId())).data?.items ?? [];
  const connections = useQuery(connectionsQuery()).data?.items ?? [];
  function idOf(environment: string, slot: string): string | null {
    const running = deployments.find(
      (deployment) => deployment.environment === environment && deployment.status === 'active',
    );
    return running?.bindings[slot] ?? null;
  }
  return {
    idOf,
    /** The connection's name; its id where the reader may not see connections. */
    nameOf(environment: string, slot: string): string | null {
      const id = idOf(environment, slot);
      return id === null ? null : (connections.find((connection) => connection.id === id)?.name ?? id);
    },
  };
}
