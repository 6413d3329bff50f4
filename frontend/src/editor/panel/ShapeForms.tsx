import type { StepOf } from '@sluice/shared/flow';
import { ConditionField } from './ConditionField.js';
import { NamedFields } from './NamedFields.js';
import type { StepForm } from './use-step-form.js';
import classes from './StepPanel.module.css';

export function TransformForm({ form }: { form: StepForm<StepOf<'transform'>> }) {
  const { step } = form;
  return (
    <>
      {Object.keys(step.input).length === 0 && (
        <p className={classes.lead}>
          Each field becomes part of the output: name it, then fill it from the data below.
        </p>
      )}
      <NamedFields
        label="fields"
        fields={step.input}
        scope={form.scope}
        steps={form.steps}
        isOff={form.isOff}
        problemsOf={(name) => form.problemsAt('input', name)}
        onChange={(input, part) => form.edit({ ...step, input }, part)}
      />
    </>
  );
}

export function FilterForm({ form }: { form: StepForm<StepOf<'filter'>> }) {
  const { step } = form;
  return (
    <>
      <p className={classes.lead}>What follows runs only if this holds; else the run ends here, and well.</p>
      <ConditionField
        label="Goes on if"
        value={step.when}
        form={form}
        problems={form.problemsAt('when')}
        onChange={(when) => form.edit({ ...step, when }, 'when')}
      />
    </>
  );
}
