import { Button } from '@mantine/core';
import { IconArrowUpRight } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { toProblem } from '../../api/problem.js';
import { runCallsQuery } from '../../api/queries.js';
import { formatBytes, formatCount, plural } from '../../lib/format-count.js';
import { Card } from '../../ui/Card.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { Time } from '../../ui/Time.js';
import { CallRight } from './CallRight.js';
import { passWords } from './step-key.js';
import classes from './Run.module.css';

/** What auditors and customers ask: each request that went out, where to, with which connection, and the answer. */
export function LeftTheBuilding(props: {
  runId: string;
  connectionName: (id: string) => string;
  onSelect: (key: string) => void;
}) {
  const query = useInfiniteQuery(runCallsQuery(props.runId));
  const problem = query.error && toProblem(query.error);
  const [first] = query.data?.pages ?? [];
  const calls = query.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Card
      flush
      title={
        <span className={classes.cardTitle}>
          <IconArrowUpRight size={16} stroke={1.75} aria-hidden /> What left the building
        </span>
      }
      aside={first && first.total > 0 && `${plural(first.total, 'request')}, ${plural(first.hosts, 'host')}`}
    >
      {problem && (
        <LoadFailed
          what="Its requests"
          message={problem.message}
          requestId={problem.requestId ?? undefined}
          onRetry={() => void query.refetch()}
        />
      )}
      {first?.total === 0 && <p className={classes.nothing}>Nothing. No step of this run made a request.</p>}
      <ul>
        {calls.map((call, at) => (
          // A call has no name of its own: the same attempt may make several.
          <li key={`${call.step} ${call.attempt} ${at}`} className={classes.call}>
            <Time at={call.at} as="precise" />
            <div>
              <code className={classes.host}>{call.host}</code>
              <div className={classes.path}>
                <code>
                  {call.method} {call.path}
                </code>
                , with {props.connectionName(call.connection)}, try {call.attempt}
                {call.bytes !== null && `, ${formatBytes(call.bytes)}`},{' '}
                <button type="button" className={classes.link} onClick={() => props.onSelect(call.step)}>
                  {[call.name ?? call.step.replace(/\[.*$/, ''), passWords(call.step)].filter(Boolean).join(', ')}
                </button>
              </div>
              <CallRight call={call} />
            </div>
            <Answer status={call.status} code={call.answer} />
          </li>
        ))}
      </ul>
      {query.hasNextPage && (
        <Button
          size="sm"
          variant="default"
          fullWidth
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show more of {formatCount(first?.total ?? 0)}
        </Button>
      )}
    </Card>
  );
}

function Answer(props: { status: 'running' | 'succeeded' | 'failed' | 'in_doubt'; code: number | null }) {
  if (props.status === 'in_doubt') {
    return (
      <StatusBadge status="in_doubt" plain>
        Answer lost
      </StatusBadge>
    );
  }
  return (
    <StatusBadge status={props.status} plain>
      {props.code ?? (props.status === 'failed' ? 'No answer' : undefined)}
    </StatusBadge>
  );
}
