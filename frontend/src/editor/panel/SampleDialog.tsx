import { Button, JsonInput, Modal } from '@mantine/core';
import { useState } from 'react';
import { useActions, useEditor } from '../store/editor-context.js';
import { readJson } from './read-json.js';
import classes from './StepPanel.module.css';

/** A body to draw with, kept in this window only: it may hold people's data. */
export function SampleDialog(props: { onClose: () => void }) {
  const actions = useActions();
  const trigger = useEditor((state) => state.samples.scope.trigger);
  const body = typeof trigger === 'object' && trigger !== null && 'body' in trigger ? trigger.body : {};
  const [text, setText] = useState(() => JSON.stringify(body, null, 2));
  const [problem, setProblem] = useState<string | null>(null);
  return (
    <Modal opened onClose={props.onClose} title="Draw with a sample of your own" size={560}>
      <form
        className={classes.dialog}
        onSubmit={(event) => {
          event.preventDefault();
          const read = readJson(text);
          if (!read.ok) return setProblem(read.problem);
          actions.setSample(read.value);
          props.onClose();
        }}
      >
        <JsonInput
          label="Body of the event"
          description="JSON. Stays in this window and is not saved with the flow."
          value={text}
          onChange={setText}
          error={problem}
          autosize
          minRows={8}
          maxRows={18}
          data-autofocus
        />
        <div className={classes.foot}>
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button type="submit">Use this sample</Button>
        </div>
      </form>
    </Modal>
  );
}
