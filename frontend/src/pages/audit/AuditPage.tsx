import { Button } from '@mantine/core';
import { allowsEverywhere, auditApi, type AuditEntry } from '@sluice/shared/api';
import { IconDownload, IconShieldCheck } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { addressOf } from '../../api/client.js';
import { toProblem } from '../../api/problem.js';
import { auditQuery, auditStatusQuery, meQuery } from '../../api/queries.js';
import { zoneName } from '../../lib/format-time.js';
import { now } from '../../lib/now.js';
import { Avatar } from '../../ui/Avatar.js';
import { type Column, DataTable } from '../../ui/DataTable.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { MoreRows } from '../../ui/LiveRows.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Page } from '../../ui/Page.js';
import { SearchOn } from '../../ui/SearchOn.js';
import { Time } from '../../ui/Time.js';
import { useWrite } from '../step-up/use-write.js';
import { AuditFilters, sinces } from './AuditFilters.js';
import { aboutText, actionWords, actorName, isMachine, toneOfAction } from './audit-words.js';
import { EntryPanel } from './EntryPanel.js';
import { AuditTabs } from './AuditTabs.js';
import { ProofState } from './ProofState.js';
import { SealedUpTo } from './SealedUpTo.js';
import classes from './Audit.module.css';

const route = getRouteApi('/inside/audit');

export function AuditPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { open, since, ...filter } = search;
  // The start of the span stands still while its chip stays, so that the query keeps its key.
  const from = useMemo(() => {
    const span = sinces.find(({ value }) => value === since);
    return span && new Date(now().getTime() - span.ms).toISOString();
  }, [since]);
  const entries = useInfiniteQuery(auditQuery({ ...filter, from }));
  const rows = useMemo(() => entries.data?.pages.flatMap((page) => page.items) ?? [], [entries.data]);
  const { data: status, refetch: readStatus } = useQuery(auditStatusQuery());
  const verify = useWrite(auditApi.verify, { renews: [['audit']] });
  const [readAt, setReadAt] = useState<number | null>(null);
  const opened = rows.find(({ id }) => id === open);
  const problem = entries.error && toProblem(entries.error);
  // Reading the log writes to it, so the list is renewed on request and never by itself, and each page that was read
  // is an entry of its own. The count starts from a status that is as new as the first page.
  const newest = entries.data?.pages[0];
  useEffect(() => {
    if (newest) void readStatus().then(({ data }) => setReadAt(data?.entries ?? null));
  }, [newest, readStatus]);
  // Whoever reads the log of some environments is told of no entries that he does not see.
  const readsAll = allowsEverywhere(useSuspenseQuery(meQuery()).data, 'audit.read');
  const fresh = readsAll && status && readAt !== null ? status.entries - readAt : 0;

  return (
    <Page
      title="Audit"
      tabs={<AuditTabs view="log" />}
      subtitle="Any change or removal would show, to anyone with a copy"
      actions={
        readsAll && (
          <>
            <Button
              variant="default"
              leftSection={<IconShieldCheck size={16} stroke={1.75} />}
              loading={verify.busy}
              onClick={() => verify.run({ input: { body: {} } })}
            >
              Verify now
            </Button>
            <Button
              component="a"
              href={addressOf(auditApi.export)}
              download="sluice-audit.ndjson"
              leftSection={<IconDownload size={16} stroke={1.75} />}
            >
              Export with proofs
            </Button>
          </>
        )
      }
      panel={
        opened && (
          <EntryPanel
            key={opened.id}
            entry={opened}
            onClose={() => void navigate({ search: { ...search, open: undefined } })}
          />
        )
      }
    >
      <ProofState status={status} result={verify.reply} problem={verify.problem} />
      <SealedUpTo />
      <AuditFilters search={search} onChange={(next) => void navigate({ search: next, replace: true })} />
      {fresh > (entries.data?.pages.length ?? 0) && (
        <Button
          size="sm"
          variant="default"
          className={classes.fresh}
          onClick={() => {
            setReadAt(null);
            void entries.refetch();
          }}
        >
          {fresh} new entries since this list was read
        </Button>
      )}
      {entries.isPending && <LoadingRows what="the log" rows={12} />}
      {problem && (
        <LoadFailed
          what="The log"
          message={problem.message}
          requestId={problem.requestId ?? undefined}
          onRetry={() => void entries.refetch()}
        />
      )}
      <SearchOn key={JSON.stringify(filter)} list={entries} />
      {entries.data && !entries.hasNextPage && rows.length === 0 && (
        <EmptyState
          title="No entry matches"
          action={
            <Button variant="default" onClick={() => void navigate({ search: {} })}>
              Clear filters
            </Button>
          }
        />
      )}
      {rows.length > 0 && (
        <DataTable
          label="Log entries"
          columns={columns()}
          rows={rows}
          rowId={({ id }) => id}
          selectedId={opened?.id}
          onOpen={({ id }) => void navigate({ search: { ...search, open: id } })}
          foot={
            <MoreRows
              shown={rows.length}
              noun="entry"
              nouns="entries"
              hasMore={entries.hasNextPage}
              busy={entries.isFetchingNextPage}
              onMore={() => void entries.fetchNextPage()}
            />
          }
        />
      )}
    </Page>
  );
}

function columns(): Column<AuditEntry>[] {
  return [
    { key: 'at', head: `Time, ${zoneName(now())}`, width: 130, cell: (entry) => <Time at={entry.at} as="precise" /> },
    {
      key: 'who',
      head: 'Who',
      width: 180,
      cell: (entry) => (
        <span className={classes.who}>
          <Avatar name={actorName(entry)} machine={isMachine(entry)} size={20} />
          <span title={entry.actor.id}>{actorName(entry)}</span>
        </span>
      ),
    },
    {
      key: 'what',
      head: 'What',
      width: 180,
      cell: (entry) => {
        const { verb, noun } = actionWords(entry.action);
        return (
          <span className={classes.what} data-tone={toneOfAction(entry.action)}>
            <strong>{verb}</strong> <span>{noun}</span>
          </span>
        );
      },
    },
    {
      key: 'about',
      head: 'About',
      hideBelow: 'phone',
      cell: (entry) => (
        <span className={classes.about} title={entry.run ?? entry.subject?.id}>
          {aboutText(entry)}
        </span>
      ),
    },
    {
      key: 'where',
      head: 'Where',
      width: 116,
      hideBelow: 'desk',
      cell: (entry) => entry.environment && <EnvironmentChip name={entry.environment} small />,
    },
    {
      key: 'block',
      head: 'Block',
      align: 'right',
      width: 110,
      hideBelow: 'desk',
      cell: (entry) => <span className="voice-2">{`${entry.lane}/${entry.block}/${entry.position}`}</span>,
    },
  ];
}
