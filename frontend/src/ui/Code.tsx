import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { shortenId } from '../lib/shorten-id.js';
import classes from './Code.module.css';

/** Hosts, scopes, ids, hashes. `plain` drops the fill, as inside rows. */
export function Code(props: { children: React.ReactNode; plain?: boolean }) {
  return (
    <code className={classes.code} data-plain={props.plain || undefined}>
      {props.children}
    </code>
  );
}

/** Copies `value`; `label` says what it is ("request id"). */
export function CopyValue(props: { value: string; label: string }) {
  return (
    <CopyButton value={props.value}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : `Copy ${props.label}`}>
          <ActionIcon onClick={copy} aria-label={copied ? 'Copied' : `Copy ${props.label}`} size={24}>
            {copied ? <IconCheck size={14} stroke={2} /> : <IconCopy size={14} stroke={2} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}

/** An id: shortened in the middle, whole on copy and hover. */
export function IdCode(props: { id: string; label?: string }) {
  return (
    <span className={classes.id} title={props.id}>
      <Code plain>{shortenId(props.id)}</Code>
      {props.label && <CopyValue value={props.id} label={props.label} />}
    </span>
  );
}
