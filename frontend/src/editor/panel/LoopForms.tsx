import { NumberInput, Select } from '@mantine/core';
import type { ContainerStep, StepOf } from '@sluice/shared/flow';
import type { Json } from '@sluice/shared/lib';
import { ConditionField } from './ConditionField.js';
import { isExpression } from './mapping-mode.js';
import { MappingField } from './MappingField.js';
import { plainField } from './plain-field.js';
import type { StepForm } from './use-step-form.js';
import classes from './StepPanel.module.css';

const itemsField = {
  ...plainField('items', 'For each item of', {
    typeWord: 'list',
    kind: 'json',
    help: 'A list of the data below. A single value counts as a list of one.',
  }),
  isRequired: true,
};
const collectField = plainField('collect', 'Each pass gives', {
  typeWord: 'any',
  kind: 'json',
  help: 'What its last step gives, unless set.',
});
/** How a list that nobody chose yet stands in the flow: an expression can't be empty. */
const noItems = '[]';

export function ForEachForm({ form }: { form: StepForm<StepOf<'forEach'>> }) {
  const { step, isOff } = form;
  return (
    <>
      <MappingField
        field={itemsField}
        isExpression
        value={step.items.$ === noItems ? undefined : step.items}
        scope={form.scope}
        steps={form.steps}
        isOff={isOff}
        problems={form.problemsAt('items')}
        onChange={(value) => form.edit({ ...step, items: isExpression(value) ? value : { $: noItems } }, 'items')}
      />
      <NumberInput
        className={classes.input}
        label="Items at once"
        description="1 keeps their order; the results keep it always."
        min={1}
        max={100}
        value={step.concurrency}
        disabled={isOff}
        onChange={(value) => form.edit({ ...step, concurrency: whole(value, 100) }, 'concurrency')}
      />
      <Select
        className={classes.input}
        label="When an item fails"
        data={[
          { value: 'fail', label: 'Begin no other, and fail' },
          { value: 'continue', label: 'Go on, and list it among the failed' },
        ]}
        value={step.onItemError}
        disabled={isOff}
        allowDeselect={false}
        onChange={(value) =>
          form.edit({ ...step, onItemError: value === 'continue' ? 'continue' : 'fail' }, 'onItemError')
        }
      />
      <CollectField form={form} />
    </>
  );
}

export function RepeatForm({ form }: { form: StepForm<StepOf<'repeat'>> }) {
  const { step, isOff } = form;
  return (
    <>
      <ConditionField
        label="Until"
        value={step.until.$ === 'true' ? true : step.until}
        form={{ ...form, ...form.inside }}
        empty="Empty: once"
        problems={form.problemsAt('until')}
        onChange={(until) =>
          form.edit({ ...step, until: typeof until === 'boolean' ? { $: String(until) } : until }, 'until')
        }
      />
      <NumberInput
        className={classes.input}
        label="Passes at most"
        description="If it still doesn't hold then, the step fails."
        min={1}
        max={1000}
        value={step.maxPasses}
        disabled={isOff}
        onChange={(value) => form.edit({ ...step, maxPasses: whole(value, 1000) }, 'maxPasses')}
      />
      <CollectField form={form} />
    </>
  );
}

function CollectField({ form }: { form: StepForm<ContainerStep> }) {
  const { step } = form;
  function withCollect(value: Json | undefined): ContainerStep {
    const { collect: _before, ...rest } = step;
    return value === undefined ? rest : { ...rest, collect: value };
  }
  return (
    <MappingField
      field={collectField}
      value={step.collect}
      scope={form.inside.scope}
      steps={form.inside.steps}
      isOff={form.isOff}
      problems={form.problemsAt('collect')}
      onChange={(value) => form.edit(withCollect(value), 'collect')}
    />
  );
}

function whole(value: string | number, most: number): number {
  return Math.min(most, Math.max(1, Math.round(Number(value) || 1)));
}
