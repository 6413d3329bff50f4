import { type FlowReply, flowsApi } from '@sluice/shared/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { toProblem } from '../../api/problem.js';
import { useEditor } from '../store/editor-context.js';
import classes from './TopBar.module.css';

/** The flow's name; typing over it renames the flow on leaving. */
export function FlowName({ flow }: { flow: FlowReply }) {
  const client = useQueryClient();
  const isReadOnly = useEditor((state) => state.isReadOnly);
  const [typed, setTyped] = useState<string | null>(null);
  const rename = useMutation({
    mutationFn: (name: string) => call(flowsApi.rename, { params: { id: flow.id }, body: { name } }),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: ['flows'] });
      setTyped(null);
    },
  });
  const name = typed ?? flow.name;
  return (
    <h1 className={classes.title}>
      <span className="for-readers">{flow.name}</span>
      <input
        className={classes.name}
        aria-label="Name of the flow"
        title={rename.error ? toProblem(rename.error).message : flow.name}
        aria-invalid={rename.isError || undefined}
        value={name}
        size={Math.max(8, name.length)}
        maxLength={120}
        disabled={isReadOnly}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={() => {
          const wanted = typed?.trim() ?? '';
          if (wanted !== '' && wanted !== flow.name) rename.mutate(wanted);
          else setTyped(null);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
          if (event.key === 'Escape') setTyped(null);
        }}
      />
    </h1>
  );
}
