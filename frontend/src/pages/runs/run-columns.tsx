import type { RunSummary } from '@sluice/shared/api';
import { Link } from '@tanstack/react-router';
import { formatDuration } from '../../lib/format-duration.js';
import { versionWord } from '../../lib/version-word.js';
import { zoneName } from '../../lib/format-time.js';
import { now } from '../../lib/now.js';
import type { Column } from '../../ui/DataTable.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { Time } from '../../ui/Time.js';
import classes from './Runs.module.css';

const starters: Record<string, string> = {
  manual: 'Started by hand',
  replay: 'Replayed from the inbox',
  trial: 'Trial of a draft',
};

/** What a row says beside its state; success says nothing. */
export function runNote(run: RunSummary): string {
  if (run.error) return run.error.step ? `${run.error.step}: ${run.error.message}` : run.error.message;
  if (run.inLine) return 'Waits for its turn';
  if (run.status === 'in_doubt') return 'Sent, the answer was lost';
  return starters[run.startedBy] ?? '';
}

export function runColumns(): Column<RunSummary>[] {
  return [
    { key: 'status', head: 'Status', width: 116, cell: (run) => <StatusBadge status={run.status} plain /> },
    {
      key: 'flow',
      head: 'Flow',
      cell: (run) => (
        <>
          <Link to="/runs/$runId" params={{ runId: run.id }} className={classes.flow}>
            {run.flow.name}
          </Link>{' '}
          <span className="voice-3">{versionWord(run.version)}</span>
        </>
      ),
    },
    {
      key: 'environment',
      head: 'Environment',
      width: 120,
      cell: (run) => <EnvironmentChip name={run.environment} small />,
    },
    {
      key: 'started',
      head: `Started, ${zoneName(now())}`,
      width: 130,
      hideBelow: 'phone',
      cell: (run) => <Time at={run.startedAt} as="precise" />,
    },
    {
      key: 'took',
      head: 'Took',
      align: 'right',
      width: 90,
      hideBelow: 'phone',
      cell: (run) =>
        run.endedAt ? (
          formatDuration(new Date(run.endedAt).getTime() - new Date(run.startedAt).getTime())
        ) : (
          <span className="voice-3">–</span>
        ),
    },
    {
      key: 'note',
      head: 'Note',
      hideBelow: 'desk',
      width: '34%',
      cell: (run) => (
        <span className={classes.note} data-status={run.status} title={runNote(run)}>
          {runNote(run)}
        </span>
      ),
    },
  ];
}
