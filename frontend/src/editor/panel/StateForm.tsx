import { Select } from '@mantine/core';
import type { StepOf } from '@sluice/shared/flow';
import type { Json } from '@sluice/shared/lib';
import { DurationField } from './DurationField.js';
import { MappingField } from './MappingField.js';
import { plainField } from './plain-field.js';
import type { StepForm } from './use-step-form.js';
import classes from './StepPanel.module.css';

type State = StepOf<'state'>;

const operations: readonly { value: State['operation']; label: string; help: string }[] = [
  { value: 'get', label: 'Read it', help: 'Gives the value, and whether there is one.' },
  { value: 'set', label: 'Set it', help: 'Gives the value that stood there before.' },
  { value: 'increment', label: 'Add to it', help: 'Gives the sum; what was never set counts from 0.' },
  {
    value: 'remember',
    label: 'Keep the first',
    help: 'Stores it only where nothing is, and tells whether it was the first.',
  },
];
const keyField = {
  ...plainField('key', 'Key', {
    typeWord: 'text',
    kind: 'text',
    help: 'A name, such as last_order, or one for each order: order-{{ trigger.body.id }}',
  }),
  isRequired: true,
};
const valueField = { ...plainField('value', 'Value', { typeWord: 'any', kind: 'json' }), isRequired: true };
const byField = plainField('by', 'By', {
  typeWord: 'number',
  kind: 'number',
  help: '1 unless set. Less than 0 takes away.',
});

/** What a flow remembers from run to run, in each environment apart. */
export function StateForm({ form }: { form: StepForm<State> }) {
  const { step, isOff } = form;
  const shared = { scope: form.scope, steps: form.steps, isOff };
  const { keepSeconds, ...unkept } = step;
  return (
    <>
      <Select
        className={classes.input}
        label="What to do"
        description={operations.find(({ value }) => value === step.operation)?.help}
        data={operations.map(({ value, label }) => ({ value, label }))}
        value={step.operation}
        allowDeselect={false}
        disabled={isOff}
        onChange={(chosen) => {
          const next = operations.find(({ value }) => value === chosen);
          if (next) form.edit(withOperation(step, next.value), 'operation');
        }}
      />
      <MappingField
        {...shared}
        field={keyField}
        value={step.key === '' ? undefined : step.key}
        problems={form.problemsAt('key')}
        onChange={(key) => form.edit({ ...step, key: key ?? '' }, 'key')}
      />
      {writesValue(step.operation) && (
        <MappingField
          {...shared}
          field={valueField}
          value={step.value}
          problems={form.problemsAt('value')}
          onChange={(value) => form.edit(withPart(step, 'value', value), 'value')}
        />
      )}
      {step.operation === 'increment' && (
        <MappingField
          {...shared}
          field={byField}
          value={step.by}
          problems={form.problemsAt('by')}
          onChange={(by) => form.edit(withPart(step, 'by', by), 'by')}
        />
      )}
      {step.operation !== 'get' && (
        <DurationField
          label="Forgotten after"
          description="Counted from when it was written last."
          placeholder="never"
          seconds={keepSeconds}
          isOff={isOff}
          onChange={(seconds) =>
            form.edit(seconds === undefined ? unkept : { ...unkept, keepSeconds: seconds }, 'keep')
          }
        />
      )}
    </>
  );
}

function writesValue(operation: State['operation']): boolean {
  return operation === 'set' || operation === 'remember';
}

/** Another operation keeps of the step what it uses. */
function withOperation(step: State, operation: State['operation']): State {
  const { value, by, keepSeconds, ...rest } = step;
  return {
    ...rest,
    operation,
    ...(writesValue(operation) && value !== undefined && { value }),
    ...(operation === 'increment' && by !== undefined && { by }),
    ...(operation !== 'get' && keepSeconds !== undefined && { keepSeconds }),
  };
}

function withPart(step: State, part: 'value' | 'by', value: Json | undefined): State {
  const { [part]: _before, ...rest } = step;
  return value === undefined ? rest : { ...rest, [part]: value };
}
