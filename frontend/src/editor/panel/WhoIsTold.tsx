import { MultiSelect, Switch } from '@mantine/core';
import { noticesApi } from '@sluice/shared/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/client.js';
import { toProblem } from '../../api/problem.js';
import { deputiesQuery, membersQuery } from '../../api/queries.js';
import { Notice } from '../../ui/Notice.js';
import { useActions, useEditor } from '../store/editor-context.js';
import classes from './FlowPanel.module.css';

/** Who hears of this flow: its owner and deputies; and whether they hear of runs that fail. */
export function WhoIsTold(props: { flowId: string }) {
  const settings = useEditor((state) => state.document.settings);
  const { change } = useActions();
  const isReadOnly = useEditor((state) => state.isReadOnly);
  const client = useQueryClient();
  const told = useQuery(deputiesQuery(props.flowId)).data;
  const members = useQuery(membersQuery()).data?.items ?? [];
  const set = useMutation({
    mutationFn: (chosen: string[]) =>
      call(noticesApi.setDeputies, { params: { id: props.flowId }, body: { members: chosen } }),
    onSettled: () => client.invalidateQueries({ queryKey: deputiesQuery(props.flowId).queryKey }),
  });
  const problem = set.error && toProblem(set.error);
  if (told === undefined) return null;
  const isOn = settings.onFailure?.notify.includes('owner') ?? false;
  return (
    <section className={classes.part}>
      <h3 className={classes.sub}>Who is told</h3>
      {problem && <Notice tone="failed" title={problem.message} />}
      <p className="voice-2">{told.owner.name} owns this flow and hears of steps in doubt, with those who stand in.</p>
      <Switch
        mt={8}
        mb={10}
        label="And of runs that fail"
        checked={isOn}
        disabled={isReadOnly}
        onChange={(event) => {
          const { onFailure } = settings;
          const notify: 'owner'[] = event.currentTarget.checked ? ['owner'] : [];
          change({ kind: 'set-settings', settings: { ...settings, onFailure: { ...onFailure, notify } } });
        }}
      />
      <MultiSelect
        label="Stand in for the owner"
        placeholder={told.deputies.length === 0 ? 'Nobody' : undefined}
        searchable
        maxValues={20}
        disabled={set.isPending || isReadOnly}
        data={members.filter(({ id }) => id !== told.owner.id).map(({ id, name }) => ({ value: id, label: name }))}
        value={told.deputies.map(({ id }) => id)}
        onChange={(chosen) => set.mutate(chosen)}
      />
    </section>
  );
}
