import { Button } from '@mantine/core';
import type { RunSummary } from '@sluice/shared/api';
import { Link } from '@tanstack/react-router';
import { formatDuration } from '../../lib/format-duration.js';
import { formatUtc } from '../../lib/format-time.js';
import { versionWord } from '../../lib/version-word.js';
import { Avatar } from '../../ui/Avatar.js';
import type { Column } from '../../ui/DataTable.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { Time } from '../../ui/Time.js';
import { runNote } from '../runs/run-columns.js';
import classes from './DeadLetters.module.css';

export interface LetterDeeds {
  onRetry: (run: RunSummary) => void;
  onClose: (run: RunSummary) => void;
  onReopen: (run: RunSummary) => void;
}

/** `deeds` is null for who may only read. */
export function letterColumns(of: { closed: boolean; now: Date; deeds: LetterDeeds | null }): Column<RunSummary>[] {
  const { closed, deeds } = of;
  return [
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
      width: 116,
      hideBelow: 'phone',
      cell: (run) => <EnvironmentChip name={run.environment} small />,
    },
    {
      key: 'error',
      head: 'Error',
      cell: (run) => (
        <span className={classes.error} title={errorOf(run)}>
          {errorOf(run)}
        </span>
      ),
    },
    {
      key: 'owner',
      head: 'Owner',
      width: 170,
      hideBelow: 'desk',
      cell: ({ owner }) =>
        owner && (
          <span className={classes.owner}>
            <Avatar name={owner.name} size={20} />
            {owner.name}
          </span>
        ),
    },
    {
      key: 'age',
      head: 'Failed',
      width: 110,
      cell: (run) => <Age at={run.endedAt ?? run.startedAt} now={of.now} />,
    },
    ...(closed ? [closing] : []),
    ...(deeds === null ? [] : [deedsColumn(deeds)]),
  ];
}

const closing: Column<RunSummary> = {
  key: 'closed',
  head: 'Closed',
  hideBelow: 'phone',
  cell: ({ closed }) =>
    closed && (
      <>
        {closed.reason}{' '}
        <span className="voice-3">
          {closed.by.name}, <Time at={closed.at} />
        </span>
      </>
    ),
};

function deedsColumn({ onRetry, onClose, onReopen }: LetterDeeds): Column<RunSummary> {
  return {
    key: 'deeds',
    head: <span className="for-readers">What to do</span>,
    align: 'right',
    width: 150,
    // On a phone the run itself offers them.
    hideBelow: 'phone',
    cell: (run) => (
      <span className={classes.deeds}>
        {run.letter === 'closed' ? (
          <Button size="compact-sm" variant="default" onClick={() => onReopen(run)}>
            Open again
          </Button>
        ) : (
          <>
            <Button size="compact-sm" variant="default" onClick={() => onRetry(run)}>
              Retry
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => onClose(run)}>
              Close
            </Button>
          </>
        )}
      </span>
    ),
  };
}

/** A retry that somebody cancelled says no error of its own. */
function errorOf(run: RunSummary): string {
  return run.error === null && run.status === 'cancelled' ? 'Its retry was cancelled' : runNote(run);
}

function Age(props: { at: string; now: Date }) {
  const at = new Date(props.at);
  return (
    <time dateTime={props.at} title={formatUtc(at)} className="numbers" style={{ whiteSpace: 'nowrap' }}>
      {formatDuration(Math.max(60_000, props.now.getTime() - at.getTime()))} ago
    </time>
  );
}
