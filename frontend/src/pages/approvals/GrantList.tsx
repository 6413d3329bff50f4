import { Link } from '@tanstack/react-router';
import { plural } from '../../lib/format-count.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { RiskBars } from '../../ui/RiskBars.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { Time } from '../../ui/Time.js';
import { outcomesOf } from './outcomes.js';
import { eachOnce, type GrantRequest } from './request.js';
import classes from './Approvals.module.css';

/** What waits, then what was decided. */
export function GrantList(props: {
  pending: readonly GrantRequest[];
  decided: readonly GrantRequest[];
  selectedId: string | undefined;
  search: { q?: string | undefined; environment?: string | undefined };
}) {
  const row = (request: GrantRequest) => (
    <li key={request.id}>
      <Link
        to="/approvals"
        search={{ ...props.search, open: request.id }}
        className={classes.row}
        aria-current={request.id === props.selectedId ? 'true' : undefined}
        data-selected={request.id === props.selectedId || undefined}
      >
        <span className={classes.rowHead}>
          <EnvironmentChip name={request.environment} small />
          <span className="label">
            <Time at={request.decidedAt ?? request.requestedAt} />
          </span>
        </span>
        <strong>{request.flow.name}</strong>
        <span className="label">{eachOnce(request.grants.map(({ connection }) => connection.name)).join(', ')}</span>
        {request.isPending ? (
          <>
            <span className="label">
              {request.requestedBy.name}, {asksFor(request)}
            </span>
            <RiskBars risk={request.risk} />
          </>
        ) : (
          <Outcomes request={request} />
        )}
      </Link>
    </li>
  );
  return (
    <nav className={classes.list} aria-label="Requests">
      <h2 className={classes.listHead}>
        Waiting <span className="voice-2">{props.pending.length}</span>
      </h2>
      {props.pending.length === 0 && <p className={classes.none}>Nothing waits for you.</p>}
      <ul>{props.pending.map(row)}</ul>
      {props.decided.length > 0 && (
        <>
          <h2 className={classes.listHead}>
            Decided <span className="voice-2">{props.decided.length}</span>
          </h2>
          <ul>{props.decided.map(row)}</ul>
        </>
      )}
    </nav>
  );
}

function Outcomes({ request }: { request: GrantRequest }) {
  return (
    <span className={classes.outcomes}>
      {outcomesOf(request).map(({ status, says }) => (
        <StatusBadge key={says} status={status} plain>
          {says}
        </StatusBadge>
      ))}
    </span>
  );
}

/** `1 scope, 2 hosts`: what is wider, by kind. */
function asksFor({ changes }: GrantRequest): string {
  const wider = changes.filter(({ change }) => change === 'wider');
  const kinds = [
    ['scope', 'scope'],
    ['host', 'host'],
    ['call', 'call'],
    ['field', 'field'],
  ] as const;
  const parts = kinds
    .map(([kind, word]) => [wider.filter((each) => each.kind === kind).length, word] as const)
    .filter(([count]) => count > 0);
  return parts.length === 0 ? 'nothing wider' : parts.map(([count, word]) => plural(count, word)).join(', ');
}
