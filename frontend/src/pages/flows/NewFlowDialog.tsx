import { Button, Modal, TextInput } from '@mantine/core';
import { flowsApi } from '@sluice/shared/api';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useWrite } from '../step-up/use-write.js';
import classes from './Dialog.module.css';

/** Names a flow and opens it in the editor. */
export function NewFlowDialog(props: { onClose: () => void }) {
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const create = useWrite(flowsApi.create, {
    renews: [['flows']],
    onDone: (flow) => void navigate({ to: '/flows/$flowId', params: { flowId: flow.id } }),
  });
  return (
    <Modal opened onClose={props.onClose} title="New flow">
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          create.run({ input: { body: { name } } });
        }}
      >
        <TextInput
          label="Name"
          description="What it does, in a few words: Payment to CRM and receipt."
          value={name}
          maxLength={120}
          error={create.problem?.message}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <div className={classes.foot}>
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.busy} disabled={name.trim() === ''}>
            Create flow
          </Button>
        </div>
      </form>
    </Modal>
  );
}
