import type { Grant } from '@sluice/shared/api';
import { Link } from '@tanstack/react-router';
import { plural } from '../../lib/format-count.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { RiskBars } from '../../ui/RiskBars.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { Time } from '../../ui/Time.js';
import { outcomes } from './outcomes.js';
import classes from './Approvals.module.css';

/** What waits, then what was decided. */
export function GrantList(props: {
  pending: readonly Grant[];
  decided: readonly Grant[];
  selectedId: string | undefined;
  search: { q?: string | undefined; environment?: string | undefined };
}) {
  const row = (grant: Grant) => (
    <li key={grant.id}>
      <Link
        to="/approvals"
        search={{ ...props.search, open: grant.id }}
        className={classes.row}
        aria-current={grant.id === props.selectedId ? 'true' : undefined}
        data-selected={grant.id === props.selectedId || undefined}
      >
        <span className={classes.rowHead}>
          <EnvironmentChip name={grant.environment} small />
          <span className="label">
            <Time at={grant.decidedAt ?? grant.requestedAt} />
          </span>
        </span>
        <strong>{grant.flow.name}</strong>
        <span className="label">{grant.connection.name}</span>
        {grant.status === 'pending' && (
          <span className="label">
            {grant.requestedBy.name}, {asksFor(grant)}
          </span>
        )}
        {grant.status === 'pending' ? <RiskBars risk={grant.risk} /> : <Outcome grant={grant} />}
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

function Outcome(props: { grant: Grant }) {
  const outcome = outcomes[props.grant.status];
  return (
    <StatusBadge status={outcome.status} plain>
      {outcome.says}
    </StatusBadge>
  );
}

/** `1 scope, 2 hosts`: what is wider, by kind. */
export function asksFor(grant: Grant): string {
  const wider = grant.changes.filter(({ change }) => change === 'wider');
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
