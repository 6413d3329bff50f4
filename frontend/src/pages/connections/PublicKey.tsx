import { Button, CopyButton } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { Code } from '../../ui/Code.js';
import classes from './Connections.module.css';

/** The half of an SSH key that people may see, and how it gets onto the server. */
export function PublicKey(props: { text: string }) {
  return (
    <div className={classes.publicKey}>
      <Code plain>{props.text}</Code>
      <span className={classes.row}>
        <span className={`label ${classes.grow}`}>
          Add this line to <Code plain>~/.ssh/authorized_keys</Code> of the user on the server.
        </span>
        <CopyButton value={props.text}>
          {({ copied, copy }) => (
            <Button
              size="compact-xs"
              variant="default"
              leftSection={copied ? <IconCheck size={13} stroke={2} /> : <IconCopy size={13} stroke={1.75} />}
              onClick={copy}
            >
              {copied ? 'Copied' : 'Copy public key'}
            </Button>
          )}
        </CopyButton>
      </span>
    </div>
  );
}
