import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { environmentsQuery, grantsQuery } from '../../api/queries.js';
import { useEditor } from '../store/editor-context.js';
import { useFlowId } from '../store/flow-id.js';

export interface NewSinceApproval {
  readonly hosts: ReadonlySet<string>;
  /** `connector:scope`, as in the manifest. */
  readonly scopes: ReadonlySet<string>;
}

/** What some environment that asks for approvals hasn't approved yet. */
export function useNewSinceApproval(): NewSinceApproval {
  const flowId = useFlowId();
  const manifest = useEditor((state) => state.manifest);
  const environments = useQuery(environmentsQuery()).data?.items;
  const grants = useQuery(grantsQuery({ flow: flowId, status: 'active' })).data?.items;
  return useMemo(() => {
    const guarded = environments?.filter(({ policy }) => policy.approval).map(({ name }) => name) ?? [];
    const hosts = new Set<string>();
    const scopes = new Set<string>();
    if (grants === undefined) return { hosts, scopes };
    for (const environment of guarded) {
      for (const [slot, needs] of Object.entries(manifest.slots)) {
        const allowed = grants.find((grant) => grant.environment === environment && grant.slot === slot)?.asks;
        for (const scope of needs.scopes)
          if (!allowed?.scopes.includes(scope)) scopes.add(`${needs.connector}:${scope}`);
        if (needs.hosts === 'connection') continue;
        for (const host of needs.hosts) if (!allowed?.hosts.includes(host)) hosts.add(host);
      }
    }
    return { hosts, scopes };
  }, [manifest, environments, grants]);
}
