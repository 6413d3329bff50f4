import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { formatDuration } from '../../lib/format-duration.js';
import { versionWord } from '../../lib/version-word.js';
import { IdCode } from '../../ui/Code.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { Time } from '../../ui/Time.js';
import type { RunReply } from '../run/RunPage.js';
import classes from './Compare.module.css';

/** One of the two: what became of it, when, and in which version. */
export function RunCard(props: { title: string; run: RunReply | undefined; children?: ReactNode }) {
  const { run } = props;
  return (
    <section className={classes.run} aria-label={props.title}>
      <div className={classes.runHead}>
        <h2>{props.title}</h2>
        {run && <IdCode id={run.id} label="run id" />}
      </div>
      {props.children}
      {run && (
        <div className={classes.facts}>
          <StatusBadge status={run.status} />
          <EnvironmentChip name={run.environment} small />
          <span>{versionWord(run.version)}</span>
          <Time at={run.startedAt} />
          {run.endedAt !== null && (
            <span className="numbers">{formatDuration(Date.parse(run.endedAt) - Date.parse(run.startedAt))}</span>
          )}
          <Link to="/runs/$runId" params={{ runId: run.id }}>
            Open
          </Link>
        </div>
      )}
      {run?.error && <p className={classes.error}>{run.error.message}</p>}
    </section>
  );
}
