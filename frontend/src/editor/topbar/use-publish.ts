import { type FlowReply, flowsApi } from '@sluice/shared/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/client.js';
import { toProblem } from '../../api/problem.js';
import { meQuery } from '../../api/queries.js';
import { plural } from '../../lib/format-count.js';
import { useEditor } from '../store/editor-context.js';

export interface Publish {
  next: number;
  /** Why it can't be published now; null when it can. */
  reason: string | null;
  busy: boolean;
  problem: ReturnType<typeof toProblem> | null;
  /** Whether there is a version before it to compare it with. */
  hasBefore: boolean;
  run: (note?: string) => void;
  forget: () => void;
}

/** Makes the draft a version: kept first, then published. */
export function usePublish(of: { flow: FlowReply; flush: () => Promise<boolean>; onPublished: () => void }): Publish {
  const { flow } = of;
  const client = useQueryClient();
  const problems = useEditor((state) => state.problems.length);
  const save = useEditor((state) => state.save);
  const mayPublish = useQuery(meQuery()).data?.permissions.includes('flows.publish') ?? false;
  const publish = useMutation({
    mutationFn: async (note: string) => {
      if (!(await of.flush())) return null;
      return await call(flowsApi.publish, { params: { id: flow.id }, body: note === '' ? {} : { note } });
    },
    async onSuccess(version) {
      await client.invalidateQueries({ queryKey: ['flows'] });
      if (version !== null) of.onPublished();
    },
  });
  const reason = reasonOf();
  function reasonOf(): string | null {
    if (!mayPublish) return 'Your roles do not allow publishing; an admin can give you the builder role.';
    if (problems > 0) return `${plural(problems, 'problem')} to solve first`;
    if (save.kind === 'conflict') return 'Somebody else changed the same; choose first';
    if (!flow.hasChanges && flow.latestVersion !== null && save.kind === 'saved')
      return `Nothing changed since v${flow.latestVersion}`;
    return null;
  }
  return {
    next: (flow.latestVersion ?? 0) + 1,
    reason,
    busy: publish.isPending,
    problem: publish.error ? toProblem(publish.error) : null,
    hasBefore: flow.latestVersion !== null,
    run: (note = '') => {
      if (reason === null && !publish.isPending) publish.mutate(note);
    },
    forget: publish.reset,
  };
}
