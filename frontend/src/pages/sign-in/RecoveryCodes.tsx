import { Button, CopyButton } from '@mantine/core';
import { IconCheck, IconCopy, IconDownload } from '@tabler/icons-react';
import { saveText } from '../../lib/save-text.js';
import classes from './RecoveryCodes.module.css';

/** Large and countable; shown once, so with a way to keep them. */
export function RecoveryCodes(props: { codes: readonly string[] }) {
  const text = props.codes.join('\n');
  return (
    <div className={classes.frame}>
      <ol className={classes.codes}>
        {props.codes.map((code, index) => (
          <li key={code}>
            <span className="voice-3">{index + 1}</span>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div className={classes.buttons}>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button
              size="sm"
              variant="default"
              leftSection={copied ? <IconCheck size={14} stroke={2} /> : <IconCopy size={14} stroke={2} />}
              onClick={copy}
            >
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
        <Button
          size="sm"
          variant="default"
          leftSection={<IconDownload size={14} stroke={2} />}
          onClick={() => saveText({ name: 'sluice-recovery-codes.txt', text: `${text}\n` })}
        >
          Download
        </Button>
      </div>
    </div>
  );
}
