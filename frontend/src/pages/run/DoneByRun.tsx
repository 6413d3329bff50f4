import { IconLock } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { plural } from '../../lib/format-count.js';
import { StepStrip } from '../../ui/StepStrip.js';
import { Time } from '../../ui/Time.js';
import { RunLink } from './Ask.js';
import type { RunReply } from './RunPage.js';
import classes from './Run.module.css';

const starters: Record<string, string> = {
  webhook: 'An event at its webhook',
  manual: 'Somebody, by hand',
  replay: 'A replay from the inbox',
  schedule: 'Its schedule',
  poll: 'A look for news',
  subflow: 'A step of another run',
  error: 'The failure of another run',
  trial: 'Somebody, who tried a draft',
  retry: 'Somebody, who tried another run again',
};

/** What is done outside and stays done, what started the run, and its entries in the log. */
export function DoneByRun(props: { run: RunReply; steps: RunReply['steps']; unread: number }) {
  const { run } = props;
  const done = props.steps.filter((step) => step.effect?.done === 'yes');
  return (
    <div className={classes.done}>
      <section>
        <h3>Steps</h3>
        <StepStrip steps={run.steps.map(({ status }) => status)} />
      </section>
      <section>
        <h3>Done by this run</h3>
        {done.length === 0 && props.unread === 0 && <p className="voice-3">Nothing outside was changed.</p>}
        {props.unread > 0 && (
          <p className="voice-3">Without {plural(props.unread, 'pass', 'passes')} of its loops: open one to see it.</p>
        )}
        <ul>
          {done.map((step) => (
            <li key={step.key}>
              <IconLock size={14} stroke={2} aria-hidden />
              {step.name ?? step.id}
              <span className={classes.doneAt}>{step.endedAt && <Time at={step.endedAt} />}</span>
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h3>Started by</h3>
        <p>
          {starters[run.startedBy] ?? run.startedBy}
          {run.event && (
            <>
              ,{' '}
              <Link to="/inbox" search={{ open: run.event }}>
                the delivery
              </Link>
            </>
          )}
          {run.parent && (
            <>
              , <RunLink id={run.parent.run} />
              {run.parent.waits && ', which waits for the end of this one'}
            </>
          )}
        </p>
        {run.retryOf && (
          <p>
            Tries <RunLink id={run.retryOf} /> again
          </p>
        )}
        <p className="voice-3">{plural(run.entries, 'entry', 'entries')} in the log</p>
      </section>
    </div>
  );
}
