import { Button, JsonInput, Modal } from '@mantine/core';
import { useState } from 'react';
import { readJson } from './read-json.js';
import classes from './StepPanel.module.css';

/** A value to draw and try with, kept in this tab only: it may hold people's data. */
export function SampleDialog(props: {
  title: string;
  label: string;
  value: unknown;
  onUse: (value: unknown) => void;
  onClose: () => void;
}) {
  const [text, setText] = useState(() => JSON.stringify(props.value ?? {}, null, 2));
  const [problem, setProblem] = useState<string | null>(null);
  return (
    <Modal opened onClose={props.onClose} title={props.title} size={560}>
      <form
        className={classes.dialog}
        onSubmit={(event) => {
          event.preventDefault();
          const read = readJson(text);
          if (!read.ok) return setProblem(read.problem);
          props.onUse(read.value);
          props.onClose();
        }}
      >
        <JsonInput
          label={props.label}
          description="JSON. Stays in this tab, through a reload, and is not saved with the flow."
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
