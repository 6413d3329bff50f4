import type { RunStep } from '@sluice/shared/api';
import { IconArrowUpRight } from '@tabler/icons-react';
import { formatBytes, plural } from '../../lib/format-count.js';
import { Card } from '../../ui/Card.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { Time } from '../../ui/Time.js';
import classes from './Run.module.css';

/** What auditors and customers ask: each request that went out, where to, with which connection, and the answer. */
export function LeftTheBuilding(props: {
  steps: readonly RunStep[];
  /** Passes whose requests are not among them. */
  unread: number;
  connectionName: (id: string) => string;
}) {
  const calls = props.steps
    .flatMap((step) =>
      step.attempts.flatMap((attempt) => (attempt.call ? [{ step, attempt, call: attempt.call }] : [])),
    )
    .sort((a, b) => a.attempt.startedAt.localeCompare(b.attempt.startedAt));
  const hosts = new Set(calls.map(({ call }) => call.host));
  return (
    <Card
      flush
      title={
        <span className={classes.cardTitle}>
          <IconArrowUpRight size={16} stroke={1.75} aria-hidden /> What left the building
        </span>
      }
      aside={calls.length > 0 && `${plural(calls.length, 'request')}, ${plural(hosts.size, 'host')}`}
    >
      {props.unread > 0 && (
        <p className={classes.nothing}>
          What {plural(props.unread, 'pass', 'passes')} of its loops sent is not in this list: open one to see it.
        </p>
      )}
      {calls.length === 0 && props.unread > 0 ? null : calls.length === 0 ? (
        <p className={classes.nothing}>Nothing. No step of this run made a request.</p>
      ) : (
        <ul>
          {calls.map(({ step, attempt, call }) => (
            <li key={`${step.key} ${attempt.attempt}`} className={classes.call}>
              <Time at={attempt.startedAt} as="precise" />
              <div>
                <code className={classes.host}>{call.host}</code>
                <div className={classes.path}>
                  <code>
                    {call.method} {call.path}
                  </code>
                  , with {props.connectionName(call.connection)}, try {attempt.attempt}
                  {call.bytes !== null && `, ${formatBytes(call.bytes)}`}
                </div>
              </div>
              <Answer status={attempt.status} code={call.status} />
            </li>
          ))}
        </ul>
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
