import { Button } from '@mantine/core';
import { inboxApi, type TriggerEvent } from '@sluice/shared/api';
import { IconCheck, IconMinus, IconRotateClockwise, IconX } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { formatBytes } from '../../lib/format-count.js';
import { Code, IdCode } from '../../ui/Code.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { Notice } from '../../ui/Notice.js';
import { Facts, PanelPart, SidePanel } from '../../ui/SidePanel.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { Time } from '../../ui/Time.js';
import { useWrite } from '../step-up/use-write.js';
import { meanings, verdicts } from './verdicts.js';
import { LinkButton } from '../shell/LinkButton.js';
import classes from './Inbox.module.css';

/** One delivery: the verdict and its reason, the checks in order up to the one that failed, where it came from. */
export function EventPanel(props: {
  event: TriggerEvent;
  mayReplay: boolean;
  onOpen: (id: string) => void;
  onClose: () => void;
}) {
  const { event } = props;
  const navigate = useNavigate();
  const verdict = verdicts[event.status];
  const replay = useWrite(inboxApi.replay, {
    renews: [['inbox'], ['runs']],
    onDone: ({ runId }) => void navigate({ to: '/runs/$runId', params: { runId } }),
  });
  return (
    <SidePanel label={`Delivery, ${verdict.says}`} onClose={props.onClose}>
      <PanelPart>
        <div className={classes.head}>
          <StatusBadge status={verdict.status}>{verdict.says}</StatusBadge>
          {event.environment && <EnvironmentChip name={event.environment} small />}
        </div>
        <h2 className={classes.title}>{event.reason?.message ?? event.flow?.name ?? 'Delivery'}</h2>
        <p className="label">
          <Time at={event.receivedAt} as="precise" />
          {event.flow && `, ${event.flow.name}`}
        </p>
        <p className={classes.meaning}>{meanings[event.status]}</p>
        {event.erasedAt && (
          <Notice
            tone="quiet"
            title={
              <>
                What this delivery carried was erased on <Time at={event.erasedAt} />
              </>
            }
          />
        )}
        {replay.problem && <Notice tone="failed" title={replay.problem.message} />}
        <div className={classes.deeds}>
          {event.run && (
            <LinkButton to="/runs/$runId" params={{ runId: event.run }}>
              See the run
            </LinkButton>
          )}
          {event.first && (
            <Button variant="default" onClick={() => event.first && props.onOpen(event.first)}>
              See the first
            </Button>
          )}
          {props.mayReplay && (
            <Button
              variant="default"
              leftSection={<IconRotateClockwise size={15} stroke={1.75} />}
              disabled={!event.replayable}
              loading={replay.busy}
              title={
                event.replayable
                  ? undefined
                  : event.erasedAt === null
                    ? 'Off while the reason stands'
                    : 'What it carried was erased'
              }
              onClick={() =>
                replay.run({
                  input: { params: { id: event.id } },
                  confirm: {
                    title: 'Replay this delivery',
                    body: (
                      <p>
                        Starts a new run of <strong>{event.flow?.name}</strong>
                        {event.environment && (
                          <>
                            {' '}
                            in <EnvironmentChip name={event.environment} small />
                          </>
                        )}
                        . What the first run did outside is done again.
                      </p>
                    ),
                    verb: 'Replay',
                  },
                })
              }
            >
              Replay
            </Button>
          )}
        </div>
      </PanelPart>
      <PanelPart title="How it was checked">
        <ol className={classes.checks}>
          {event.checks.map((check) => (
            <li key={check.check} data-ok={check.ok}>
              <span className={classes.tick}>
                {check.ok ? (
                  <IconCheck size={12} stroke={2} aria-label="passed" />
                ) : (
                  <IconX size={12} stroke={2} aria-label="failed" />
                )}
              </span>
              <span>
                <strong>{sentence(check.check)}</strong>
                <span className="label">{check.detail}</span>
              </span>
            </li>
          ))}
          {event.checks.some(({ ok }) => !ok) && (
            <li>
              <span className={classes.tick}>
                <IconMinus size={12} stroke={2} aria-hidden />
              </span>
              <span className="voice-3">No further check was made</span>
            </li>
          )}
        </ol>
      </PanelPart>
      <PanelPart title="From">
        <Facts
          items={[
            ['Address', event.address && <Code plain>{event.address}</Code>],
            ['Size', formatBytes(event.bytes)],
            ['Scheme', event.scheme],
            ['Event', event.messageId && <IdCode id={event.messageId} label="event id" />],
            ['Endpoint', <IdCode key="endpoint" id={event.endpoint} label="endpoint id" />],
            ['Delivery', <IdCode key="id" id={event.id} label="delivery id" />],
          ]}
        />
      </PanelPart>
    </SidePanel>
  );
}

/** `signature` and `time-window` as `Signature` and `Time window`. */
function sentence(text: string): string {
  const words = text.replace(/[-_]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
