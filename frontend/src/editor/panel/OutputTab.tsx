import { Button } from '@mantine/core';
import type { Step } from '@sluice/shared/flow';
import { IconEraser, IconPin, IconPinnedOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useActions, useEditor } from '../store/editor-context.js';
import { SampleDialog } from './SampleDialog.js';
import { fieldsOf, isSchema, type JsonSchema } from './schema-fields.js';
import classes from './StepPanel.module.css';

/** What the step gives: its fields by type where they are declared, and what it gives as far as the drawing knows. */
export function OutputTab(props: { step: Step; schema: JsonSchema | null }) {
  const { id, kind } = props.step;
  const isTrigger = kind === 'trigger';
  const sample = useEditor((state) => (isTrigger ? state.samples.scope.trigger : state.samples.steps[id]));
  const fields = isSchema(props.schema) ? fieldsOf(props.schema) : [];
  return (
    <>
      <p className={classes.lead}>
        Read it as <code>{isTrigger ? 'trigger.body' : `steps.${id}`}</code>
      </p>
      {fields.length > 0 && (
        <dl className={classes.outputs}>
          {fields.map((field) => (
            <div key={field.name}>
              <dt>{field.name}</dt>
              <dd>{field.typeWord}</dd>
            </div>
          ))}
        </dl>
      )}
      <Source step={props.step} sample={sample} />
      {sample === undefined ? (
        <p className="voice-3">Nothing.</p>
      ) : (
        <pre className={classes.sample}>{JSON.stringify(sample, null, 2)}</pre>
      )}
    </>
  );
}

/** Where the sample comes from, and the way to put another in its place. */
function Source(props: { step: Step; sample: unknown }) {
  const { id, kind } = props.step;
  const actions = useActions();
  const isPinned = useEditor((state) => state.pins[id] !== undefined);
  const isLearned = useEditor((state) => state.learned[id] !== undefined);
  const [isPinning, setPinning] = useState(false);
  return (
    <div className={classes.source}>
      <h3 className={classes.sub}>{isPinned ? 'Pinned' : isLearned ? 'In the last trial' : 'On the sample'}</h3>
      {kind !== 'trigger' && (
        <Button
          variant="subtle"
          size="sm"
          leftSection={<IconPin size={14} stroke={2} />}
          onClick={() => setPinning(true)}
        >
          {isPinned ? 'Change' : 'Pin another'}
        </Button>
      )}
      {isPinned && (
        <Button
          variant="subtle"
          size="sm"
          leftSection={<IconPinnedOff size={14} stroke={2} />}
          onClick={() => actions.pin(id, undefined)}
        >
          Unpin
        </Button>
      )}
      {isLearned && !isPinned && (
        <Button
          variant="subtle"
          size="sm"
          leftSection={<IconEraser size={14} stroke={2} />}
          onClick={() => actions.forgetLearned(id)}
        >
          Forget it
        </Button>
      )}
      {isPinning && (
        <SampleDialog
          title="Pin what this step gives"
          label="Output"
          value={props.sample}
          onUse={(value) => actions.pin(id, value)}
          onClose={() => setPinning(false)}
        />
      )}
    </div>
  );
}
