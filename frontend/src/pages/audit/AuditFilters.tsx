import { Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { membersQuery } from '../../api/queries.js';
import { shortenId } from '../../lib/shorten-id.js';
import { FilterBar, FilterChip, SearchField } from '../../ui/Filters.js';

export interface AuditSearch {
  q?: string | undefined;
  actor?: string | undefined;
  action?: string | undefined;
  subject?: string | undefined;
  run?: string | undefined;
  open?: string | undefined;
}

/** Who, and the filters that a link from another screen brought along; all of it in the address. */
export function AuditFilters(props: { search: AuditSearch; onChange: (search: AuditSearch) => void }) {
  const { search } = props;
  const members = useQuery(membersQuery()).data?.items ?? [];
  const brought = (['action', 'subject', 'run'] as const).filter((name) => search[name]);
  return (
    <FilterBar>
      <SearchField
        label="Who, what, which"
        value={search.q ?? ''}
        onChange={(q) => props.onChange({ ...search, q: q || undefined })}
      />
      <FilterChip
        name="Who"
        value={search.actor}
        options={members.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(actor) => props.onChange({ ...search, actor })}
      />
      {brought.map((name) => (
        <Button
          key={name}
          variant="default"
          rightSection={<IconX size={13} stroke={2} />}
          aria-label={`Clear ${name} ${search[name]}`}
          onClick={() => props.onChange({ ...search, [name]: undefined })}
        >
          {name}&nbsp;<b>{shortenId(search[name] ?? '')}</b>
        </Button>
      ))}
    </FilterBar>
  );
}
