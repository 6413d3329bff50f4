import { NumberInput, Select } from '@mantine/core';
import type { StepOf } from '@sluice/shared/flow';
import { MappingField } from './MappingField.js';
import { NamedFields } from './NamedFields.js';
import { plainField } from './plain-field.js';
import type { StepForm } from './use-step-form.js';
import classes from './StepPanel.module.css';

const bodyField = plainField('body', 'Body', {
  typeWord: 'any',
  kind: 'json',
  help: 'What the caller gets. Nothing is sent unless mapped.',
});

export function RespondForm({ form }: { form: StepForm<StepOf<'respond'>> }) {
  const { step } = form;
  const { body, ...rest } = step;
  return (
    <>
      <NumberInput
        className={classes.input}
        label="Status"
        description="200 to 599"
        value={step.status}
        min={200}
        max={599}
        hideControls
        disabled={form.isOff}
        onChange={(value) => {
          if (typeof value === 'number' && value >= 200 && value <= 599)
            form.edit({ ...step, status: Math.round(value) }, 'status');
        }}
      />
      <MappingField
        field={bodyField}
        value={body}
        scope={form.scope}
        steps={form.steps}
        isOff={form.isOff}
        problems={form.problemsAt('body')}
        onChange={(value) => form.edit(value === undefined ? rest : { ...rest, body: value }, 'body')}
      />
      <h3 className={classes.sub}>Headers</h3>
      <NamedFields
        label="headers"
        fields={step.headers}
        scope={form.scope}
        steps={form.steps}
        isOff={form.isOff}
        problemsOf={(name) => form.problemsAt('headers', name)}
        onChange={(headers, part) => form.edit({ ...step, headers }, part)}
      />
    </>
  );
}

const messageField = plainField('message', 'Message', { typeWord: 'text', kind: 'text', help: 'Stands on the run.' });

export function StopForm({ form }: { form: StepForm<StepOf<'stop'>> }) {
  const { step } = form;
  const { message, ...rest } = step;
  return (
    <>
      <Select
        className={classes.input}
        label="The run ends as"
        data={[
          { value: 'succeeded', label: 'Succeeded' },
          { value: 'failed', label: 'Failed' },
        ]}
        value={step.outcome}
        disabled={form.isOff}
        onChange={(value) => form.edit({ ...step, outcome: value === 'failed' ? 'failed' : 'succeeded' }, 'outcome')}
      />
      <MappingField
        field={messageField}
        value={message}
        scope={form.scope}
        steps={form.steps}
        isOff={form.isOff}
        problems={form.problemsAt('message')}
        onChange={(value) => form.edit(value === undefined ? rest : { ...rest, message: value }, 'message')}
      />
    </>
  );
}
