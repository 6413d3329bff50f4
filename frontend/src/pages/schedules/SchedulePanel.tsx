import type { Schedule } from '@sluice/shared/api';
import { versionWord } from '../../lib/version-word.js';
import { Code } from '../../ui/Code.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { NextTimes } from '../../ui/NextTimes.js';
import { Notice } from '../../ui/Notice.js';
import { Facts, PanelPart, SidePanel } from '../../ui/SidePanel.js';
import { Time } from '../../ui/Time.js';
import { LinkButton } from '../shell/LinkButton.js';
import { LastRun } from './LastRun.js';
import classes from './Schedules.module.css';

const missedWords: Record<Schedule['missed'], (most: number) => string> = {
  once: () => 'the last time missed starts a run, if not older than a day',
  skip: () => 'what was missed starts no run',
  all: (most) => `each time missed starts a run, the newest ${most} at most`,
};

/** One schedule: what holds it back, the ten times to come, the last one and its run. */
export function SchedulePanel(props: { schedule: Schedule; onClose: () => void }) {
  const { schedule } = props;
  return (
    <SidePanel label={`Schedule of ${schedule.flow.name}`} onClose={props.onClose}>
      <PanelPart>
        <div className={classes.head}>
          <EnvironmentChip name={schedule.environment} small />
          <span className="label">{versionWord(schedule.version)}</span>
        </div>
        <h2 className={classes.title}>{schedule.flow.name}</h2>
        {schedule.stopped && <Notice tone="failed" title={schedule.stopped} />}
        {schedule.lateSince && (
          <Notice tone="failed" title="It was due and did not run">
            At <Time at={schedule.lateSince} />. The owner of the flow has been told; see that a worker is up.
          </Notice>
        )}
        <div className={classes.deeds}>
          <LinkButton to="/flows/$flowId" params={{ flowId: schedule.flow.id }}>
            Open the flow
          </LinkButton>
          <LinkButton to="/runs" search={{ flow: schedule.flow.id, environment: schedule.environment }}>
            See its runs
          </LinkButton>
        </div>
      </PanelPart>
      <PanelPart title="The next ten times" aside={schedule.timeZone}>
        {schedule.next.length === 0 ? (
          <p className="voice-3">None while it is held back.</p>
        ) : (
          <NextTimes label="The next ten times" times={schedule.next} timeZone={schedule.timeZone} />
        )}
      </PanelPart>
      <PanelPart title="How it is set">
        <Facts
          items={[
            [
              'Pattern',
              <Code key="pattern" plain>
                {schedule.pattern}
              </Code>,
            ],
            ['Time zone', schedule.timeZone],
            ['After a downtime', missedWords[schedule.missed](schedule.mostMissed)],
            ['Last run', <LastRun key="last" schedule={schedule} />],
          ]}
        />
      </PanelPart>
    </SidePanel>
  );
}
