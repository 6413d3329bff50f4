import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { toProblem } from '../../api/problem.js';
import { meQuery, runsQuery } from '../../api/queries.js';
import { formatDuration } from '../../lib/format-duration.js';
import { versionWord } from '../../lib/version-word.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { Notice } from '../../ui/Notice.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { Time } from '../../ui/Time.js';
import { useFlowId } from '../store/flow-id.js';
import classes from './Watch.module.css';

const most = 6;

/** The last runs of the flow's versions; a click shows one over its drawing. */
export function LastRuns(props: { onWatch: (run: string) => void }) {
  const flow = useFlowId();
  const mayRead = useQuery(meQuery()).data?.permissions.includes('runs.read') === true;
  const runs = useInfiniteQuery({ ...runsQuery({ flow }), enabled: mayRead });
  if (!mayRead) return <p className="voice-3">Your roles do not allow reading runs.</p>;
  if (runs.error) return <Notice tone="failed" title={toProblem(runs.error).message} />;
  const shown = (runs.data?.pages.flatMap(({ items }) => items) ?? [])
    .filter(({ version }) => version > 0)
    .slice(0, most);
  if (runs.data && shown.length === 0) return <p className="voice-3">It has not run yet.</p>;
  return (
    <ul className={classes.runs}>
      {shown.map((run) => (
        <li key={run.id}>
          <button
            type="button"
            className={classes.run}
            title="Show this run on the canvas"
            onClick={() => props.onWatch(run.id)}
          >
            <StatusBadge status={run.status} plain />
            <EnvironmentChip name={run.environment} small />
            <span>{versionWord(run.version)}</span>
            {run.endedAt !== null && (
              <span className="numbers">{formatDuration(Date.parse(run.endedAt) - Date.parse(run.startedAt))}</span>
            )}
            <span className={classes.when}>
              <Time at={run.startedAt} />
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
