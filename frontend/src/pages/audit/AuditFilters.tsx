import { Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { connectionsQuery, environmentsQuery, membersQuery, meQuery } from '../../api/queries.js';
import { shortenId } from '../../lib/shorten-id.js';
import { SavedViews } from '../views/SavedViews.js';
import { FilterBar, FilterChip, SearchField } from '../../ui/Filters.js';

/** What an auditor comes for, by the beginning of an action. */
export const questions = [
  { value: 'run.field_revealed', label: 'Who saw a value' },
  { value: 'run.file_downloaded', label: 'Who saved a file' },
  { value: 'run.shared', label: 'Runs shared' },
  { value: 'audit.', label: 'Log searched, exported, verified' },
  { value: 'auth.', label: 'Sign-in' },
  { value: 'request.refused', label: 'Requests refused' },
  { value: 'egress.', label: 'Refused on the way out' },
  { value: 'connection.', label: 'Connections' },
  { value: 'grant.', label: 'Approvals' },
  { value: 'flow.', label: 'Flows' },
  { value: 'deployment.', label: 'Deployments' },
  { value: 'member.', label: 'Members' },
  { value: 'token.', label: 'API tokens' },
  { value: 'killswitch.', label: 'Kill switches' },
  { value: 'key', label: 'Keys' },
  { value: 'run', label: 'Runs' },
  { value: 'runs.retry_', label: 'Runs retried together' },
  { value: 'run.closed', label: 'Dead letters closed' },
  { value: 'step.', label: 'Steps' },
] as const;

export const sinces = [
  { value: '24h', label: 'last 24 h', ms: 24 * 3_600_000 },
  { value: '7d', label: 'last 7 d', ms: 7 * 86_400_000 },
  { value: '30d', label: 'last 30 d', ms: 30 * 86_400_000 },
] as const;
type Since = (typeof sinces)[number]['value'];

export interface AuditSearch {
  q?: string | undefined;
  actor?: string | undefined;
  action?: string | undefined;
  subject?: string | undefined;
  run?: string | undefined;
  environment?: string | undefined;
  since?: Since | undefined;
  open?: string | undefined;
}

/** Who, and the filters that a link from another screen brought along; all of it in the address. */
export function AuditFilters(props: { search: AuditSearch; onChange: (search: AuditSearch) => void }) {
  const { search } = props;
  const members = useQuery(membersQuery()).data?.items ?? [];
  const environments = useQuery(environmentsQuery()).data?.items ?? [];
  const me = useSuspenseQuery(meQuery()).data;
  const mayRead = me.permissions.includes('connections.read');
  const connections = useQuery({ ...connectionsQuery(), enabled: mayRead }).data?.items ?? [];
  const isConnection = connections.some(({ id }) => id === search.subject);
  const isQuestion = questions.some(({ value }) => value === search.action);
  const hasChip = { action: isQuestion, subject: isConnection, run: false };
  const brought = (['action', 'subject', 'run'] as const).filter((name) => search[name] && !hasChip[name]);
  return (
    <FilterBar>
      <SavedViews screen="audit" search={search} onOpen={props.onChange} />
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
      <FilterChip
        name="What"
        value={isQuestion ? search.action : undefined}
        options={questions}
        onChange={(action) => props.onChange({ ...search, action })}
      />
      <FilterChip
        name="When"
        value={search.since}
        options={sinces}
        onChange={(since) => props.onChange({ ...search, since })}
      />
      <FilterChip
        name="Environment"
        value={search.environment}
        options={environments.map(({ name }) => ({ value: name, label: name }))}
        onChange={(environment) => props.onChange({ ...search, environment })}
      />
      <FilterChip
        name="Connection"
        value={isConnection ? search.subject : undefined}
        options={connections.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(subject) => props.onChange({ ...search, subject })}
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
