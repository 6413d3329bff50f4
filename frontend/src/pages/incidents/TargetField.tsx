import { Select, TextInput } from '@mantine/core';
import type { KillSwitchKind } from '@sluice/shared/api';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { connectionsQuery, connectorsQuery, environmentsQuery, flowsQuery } from '../../api/queries.js';
import { kindWords } from './kind-words.js';

interface Target {
  id: string;
  name: string;
}

/** Picks what is there; a host is typed. */
export function TargetField(props: { kind: KillSwitchKind; onChange: (target: Target | null) => void }) {
  const options = useTargets(props.kind);
  const [value, setValue] = useState('');
  const change = (id: string) => {
    setValue(id);
    const name = options.find((option) => option.value === id)?.label ?? id.trim();
    props.onChange(id.trim() === '' ? null : { id: id.trim(), name });
  };
  if (props.kind === 'host') {
    return (
      <TextInput
        label="Host"
        description="api.example.com, or with a port: api.example.com:8443"
        value={value}
        maxLength={260}
        onChange={(event) => change(event.currentTarget.value)}
        data-autofocus
      />
    );
  }
  return (
    <Select
      label={kindWords[props.kind]}
      placeholder="Choose one"
      openOnFocus={false}
      searchable
      data={options}
      value={value === '' ? null : value}
      onChange={(id) => change(id ?? '')}
    />
  );
}

function useTargets(kind: KillSwitchKind): { value: string; label: string }[] {
  const flows = useQuery({ ...flowsQuery(), enabled: kind === 'flow' }).data?.items ?? [];
  const connections = useQuery({ ...connectionsQuery(), enabled: kind === 'connection' }).data?.items ?? [];
  const connectors = useQuery({ ...connectorsQuery(), enabled: kind === 'connector' }).data?.items ?? [];
  const environments = useQuery({ ...environmentsQuery(), enabled: kind === 'environment' }).data?.items ?? [];
  switch (kind) {
    case 'flow':
      return flows.map(({ id, name }) => ({ value: id, label: name }));
    case 'connection':
      return connections
        .filter(({ status }) => status === 'active')
        .map(({ id, name, environment }) => ({ value: id, label: `${name} (${environment})` }));
    case 'connector':
      return connectors
        .filter(({ actions }) => actions.length > 0)
        .map(({ id, title }) => ({ value: id, label: title }));
    case 'environment':
      return environments.map(({ name }) => ({ value: name, label: name }));
    case 'host':
      return [];
  }
}
