import type { Schedule } from '@sluice/shared/api';
import { Link } from '@tanstack/react-router';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { Time } from '../../ui/Time.js';

/** The last time that started a run, and what became of it. */
export function LastRun(props: { schedule: Schedule }) {
  const { last } = props.schedule;
  if (last === null) return <span className="voice-3">none yet</span>;
  if (last.run.status === null) return <Time at={last.at} />;
  return (
    <Link to="/runs/$runId" params={{ runId: last.run.id }}>
      <Time at={last.at} /> <StatusBadge status={last.run.status} plain />
    </Link>
  );
}
