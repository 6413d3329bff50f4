import { Button, Modal, Textarea } from '@mantine/core';
import { deadLettersApi } from '@sluice/shared/api';
import { useState } from 'react';
import { Notice } from '../../ui/Notice.js';
import { useWrite } from '../step-up/use-write.js';
import classes from './DeadLetters.module.css';

/** Says why nothing has to be done about a dead letter any more. */
export function CloseDialog(props: { run: string; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const close = useWrite(deadLettersApi.close, { renews: [['runs']], onDone: props.onClose });
  return (
    <Modal opened onClose={props.onClose} title="Close this dead letter" size={520}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          close.run({ input: { params: { id: props.run }, body: { reason } } });
        }}
      >
        {close.problem && <Notice tone="failed" title={close.problem.message} />}
        <ReasonField value={reason} onChange={setReason} />
        <div className={classes.foot}>
          <span className={classes.note}>Logged with the reason. It can be opened again.</span>
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={close.busy} disabled={reason.trim() === ''}>
            Close it
          </Button>
        </div>
      </form>
    </Modal>
  );
}

export function ReasonField(props: { value: string; onChange: (value: string) => void }) {
  return (
    <Textarea
      label="Why nothing has to be done any more"
      description="Kept in the log: name no customer"
      autosize
      minRows={2}
      maxRows={6}
      maxLength={500}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  );
}
