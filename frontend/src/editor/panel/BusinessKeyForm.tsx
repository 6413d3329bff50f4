import { Switch } from '@mantine/core';
import type { StepOf } from '@sluice/shared/flow';
import { MappingField } from './MappingField.js';
import { plainField } from './plain-field.js';
import type { StepForm } from './use-step-form.js';
import classes from './StepPanel.module.css';

const keyField = plainField('key', 'Business key', {
  typeWord: 'text',
  kind: 'text',
  help: 'What a run is about, such as the number of an order: trigger.body.order. Runs are found by it; only a keyed hash of it is kept.',
});

/** What runs are found by, and whether those of one key go one after another. */
export function BusinessKeyForm({ form }: { form: StepForm<StepOf<'trigger'>> }) {
  const { key, inOrder, ...rest } = form.step;
  const order = inOrder === undefined ? {} : { inOrder };
  return (
    <>
      <MappingField
        field={keyField}
        value={key}
        scope={form.scope}
        steps={form.steps}
        isOff={form.isOff}
        problems={form.problemsAt('key')}
        onChange={(value) => form.edit({ ...rest, ...order, ...(value === undefined ? {} : { key: value }) }, 'key')}
      />
      <Switch
        className={classes.input}
        label="One after another for each key"
        description="A run waits until those before it with the same key have ended, also while one of them waits for a person. Runs without a key wait for each other too."
        checked={inOrder === true}
        disabled={form.isOff}
        onChange={(event) => {
          const keyed = key === undefined ? rest : { ...rest, key };
          form.edit(event.currentTarget.checked ? { ...keyed, inOrder: true } : keyed, 'inOrder');
        }}
      />
    </>
  );
}
