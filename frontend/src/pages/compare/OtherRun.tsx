import { Select } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { runsQuery } from '../../api/queries.js';
import { formatTime } from '../../lib/format-time.js';
import { now } from '../../lib/now.js';
import { shortenId } from '../../lib/shorten-id.js';
import type { RunReply } from '../run/RunPage.js';

/** Chooses among the last runs of the same flow, in any environment. */
export function OtherRun(props: { run: RunReply; value: string | undefined; onChange: (id: string) => void }) {
  const { run, value } = props;
  const runs = useInfiniteQuery(runsQuery({ flow: run.flow.id }));
  const found = runs.data?.pages.flatMap(({ items }) => items).filter(({ id }) => id !== run.id) ?? [];
  const options = found.map(({ id, status, environment, startedAt }) => ({
    value: id,
    label: `${formatTime(new Date(startedAt), now())} · ${status.replace('_', ' ')} · ${environment} · ${shortenId(id)}`,
  }));
  const isListed = value === undefined || options.some((option) => option.value === value);
  return (
    <Select
      aria-label="Compared with"
      placeholder={runs.isPending ? 'Reading the runs of this flow ...' : 'Choose a run'}
      searchable
      nothingFoundMessage="No run of this flow matches"
      allowDeselect={false}
      data={isListed ? options : [{ value, label: shortenId(value) }, ...options]}
      value={value ?? null}
      onChange={(id) => id !== null && props.onChange(id)}
    />
  );
}
