import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { environmentsQuery, grantsQuery } from '../../api/queries.js';
import { useEditor } from './editor-context.js';
import { useFlowId } from './flow-id.js';
import { type Unapproved, unapprovedOf } from './unapproved.js';

/** What of the drawing still needs an approval somewhere: canvas and manifest say the same. */
export function useUnapproved(): Unapproved {
  const document = useEditor((state) => state.document);
  const manifest = useEditor((state) => state.manifest);
  const catalogue = useEditor((state) => state.catalogue);
  const environments = useQuery(environmentsQuery()).data?.items;
  const grants = useQuery(grantsQuery({ flow: useFlowId(), status: 'active' })).data?.items;
  return useMemo(() => {
    const guarded = environments?.filter(({ policy }) => policy.approval).map(({ name }) => name) ?? [];
    return unapprovedOf({ document, manifest, catalogue }, grants ?? [], guarded);
  }, [document, manifest, catalogue, environments, grants]);
}
