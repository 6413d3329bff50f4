import { Chip, Select } from '@mantine/core';
import type { StepOf } from '@sluice/shared/flow';
import { roles } from '@sluice/shared/lib';
import { Code, CopyValue } from '../../ui/Code.js';
import { DurationField } from './DurationField.js';
import { MappingField } from './MappingField.js';
import { NamedFields } from './NamedFields.js';
import { plainField } from './plain-field.js';
import type { StepForm } from './use-step-form.js';
import classes from './StepPanel.module.css';

const questionField = {
  ...plainField('question', 'Question', {
    typeWord: 'text',
    kind: 'text',
    help: 'What the person reads, such as: Pay out {{ trigger.body.amount }} EUR?',
  }),
  isRequired: true,
};
/** An auditor reads, and decides nothing. */
const mayDecide = roles.filter((role) => role !== 'auditor');

export function ApprovalForm({ form }: { form: StepForm<StepOf<'approval'>> }) {
  const { step, isOff } = form;
  const shared = { scope: form.scope, steps: form.steps, isOff };
  return (
    <>
      <MappingField
        {...shared}
        field={questionField}
        value={step.question === '' ? undefined : step.question}
        problems={form.problemsAt('question')}
        onChange={(question) => form.edit({ ...step, question: question ?? '' }, 'question')}
      />
      <h3 className={classes.sub}>Details to decide by</h3>
      <NamedFields
        {...shared}
        label="details"
        fields={step.details}
        problemsOf={(name) => form.problemsAt('details', name)}
        onChange={(details, part) => form.edit({ ...step, details }, part)}
      />
      <h3 className={classes.sub} id="deciders">
        Who decides
      </h3>
      <div className={classes.chips} role="group" aria-labelledby="deciders">
        {mayDecide.map((role) => {
          const isChosen = step.deciders.includes(role);
          const others = step.deciders.filter((other) => other !== role);
          return (
            <Chip
              key={role}
              size="xs"
              variant="outline"
              checked={isChosen}
              // Somebody must be able to answer.
              disabled={isOff || (isChosen && others.length === 0)}
              onChange={() =>
                form.edit(
                  {
                    ...step,
                    deciders: isChosen ? others : roles.filter((each) => each === role || others.includes(each)),
                  },
                  'deciders',
                )
              }
            >
              {role}
            </Chip>
          );
        })}
      </div>
      <DurationField
        label="Waits for"
        seconds={step.timeoutSeconds}
        isRequired
        isOff={isOff}
        onChange={(seconds) => seconds !== undefined && form.edit({ ...step, timeoutSeconds: seconds }, 'timeout')}
      />
      <Select
        className={classes.input}
        label="When nobody decides in time"
        data={[
          { value: 'refuse', label: 'It counts as refused' },
          { value: 'approve', label: 'It counts as approved' },
          { value: 'fail', label: 'The step fails' },
        ]}
        value={step.onTimeout}
        allowDeselect={false}
        disabled={isOff}
        onChange={(value) => {
          if (value === 'approve' || value === 'refuse' || value === 'fail')
            form.edit({ ...step, onTimeout: value }, 'onTimeout');
        }}
      />
    </>
  );
}

export function CallbackForm({ form }: { form: StepForm<StepOf<'callback'>> }) {
  const { step } = form;
  const path = `callbacks.${step.id}`;
  return (
    <>
      <p className={classes.lead}>
        Each run gets an address of its own here, and goes on once somebody posts to it. A step before this one reads it
        as <Code>{path}</Code> <CopyValue value={path} label="the path" /> and hands it to whoever shall answer.
      </p>
      <DurationField
        label="Waits for"
        seconds={step.timeoutSeconds}
        isRequired
        isOff={form.isOff}
        onChange={(seconds) => seconds !== undefined && form.edit({ ...step, timeoutSeconds: seconds }, 'timeout')}
      />
    </>
  );
}
