import { Button, CopyButton } from '@mantine/core';
import type { AuditEntry } from '@sluice/shared/api';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { formatUtc } from '../../lib/format-time.js';
import { IdCode } from '../../ui/Code.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { Facts, PanelPart, SidePanel } from '../../ui/SidePanel.js';
import { Time } from '../../ui/Time.js';
import { actionWords, actorName } from './audit-words.js';
import { EntryProof } from './EntryProof.js';
import { SubjectLink } from './SubjectLink.js';
import classes from './Audit.module.css';

/** One entry: who, what, where, and where it stands in the chain. Values are never here, only commitments. */
export function EntryPanel(props: { entry: AuditEntry; onClose: () => void }) {
  const { entry } = props;
  const { verb, noun } = actionWords(entry.action);
  return (
    <SidePanel label={`Entry ${entry.id}`} width={336} onClose={props.onClose}>
      <PanelPart>
        <p className="label">
          Block {entry.block}, entry {entry.position}
        </p>
        <h2 className={classes.entryTitle}>
          {actorName(entry)}: {verb} {noun}
        </h2>
        <Facts
          items={[
            ['When', <Time key="at" at={entry.at} as="precise" />],
            ['UTC', formatUtc(new Date(entry.at))],
            ['Who', `${actorName(entry)} (${entry.actor.kind})`],
            ['Action', <code key="action">{entry.action}</code>],
            [
              'About',
              entry.subject && (
                <span key="subject">
                  {entry.subject.kind} <SubjectLink subject={entry.subject} flow={entry.flow} />
                </span>
              ),
            ],
            ['Where', entry.environment && <EnvironmentChip key="environment" name={entry.environment} small />],
            [
              'Run',
              entry.run && (
                <Link
                  key="run"
                  to="/runs/$runId"
                  params={{ runId: entry.run }}
                  search={entry.step ? { step: entry.step } : {}}
                >
                  {entry.flow ? <span title={entry.run}>{entry.flow.name}</span> : <IdCode id={entry.run} />}
                </Link>
              ),
            ],
            ['Step', entry.step],
            ['Try', entry.attempt],
            ['Request', entry.requestId && <IdCode key="request" id={entry.requestId} label="request id" />],
          ]}
        />
      </PanelPart>
      {entry.detail && Object.keys(entry.detail).length > 0 && (
        <PanelPart title="Detail">
          <Facts
            items={Object.entries(entry.detail).map(([name, value]) => [
              name,
              <span key={name} className={classes.value}>
                {valueText(value)}
              </span>,
            ])}
          />
        </PanelPart>
      )}
      <EntryProof id={entry.id} />
      <PanelPart title="Its place in the chain">
        <Facts
          items={[
            ['Lane', entry.lane],
            ['Block', entry.block],
            ['Entry', entry.position],
            ['Id', <IdCode key="id" id={entry.id} label="entry id" />],
          ]}
        />
        <p className={classes.chain}>
          Each block holds the hash of the one before it and the root over its entries, so a changed entry breaks every
          later block.
        </p>
        <CopyButton value={JSON.stringify(entry, null, 2)}>
          {({ copied, copy }) => (
            <Button
              size="sm"
              variant="default"
              leftSection={copied ? <IconCheck size={14} stroke={2} /> : <IconCopy size={14} stroke={2} />}
              onClick={copy}
            >
              {copied ? 'Copied' : 'Copy entry'}
            </Button>
          )}
        </CopyButton>
      </PanelPart>
    </SidePanel>
  );
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
