import { Select, Switch } from '@mantine/core';
import type { StepOf } from '@sluice/shared/flow';
import { useQuery } from '@tanstack/react-query';
import { flowsQuery } from '../../api/queries.js';
import { DurationField } from './DurationField.js';
import { NamedFields } from './NamedFields.js';
import type { StepForm } from './use-step-form.js';
import classes from './StepPanel.module.css';

export function SubflowForm({ form }: { form: StepForm<StepOf<'subflow'>> }) {
  const { step, isOff } = form;
  const flows = useQuery(flowsQuery()).data?.items;
  const byHand = flows?.filter(({ connectors }) => connectors.includes('manual')) ?? [];
  const isListed = step.flow === '' || byHand.some(({ id }) => id === step.flow);
  const { timeoutSeconds, ...rest } = step;
  return (
    <>
      <Select
        className={classes.input}
        label="Flow"
        description={
          flows && byHand.length === 0
            ? 'No flow of this workspace starts by hand. Give one that trigger, publish and deploy it.'
            : 'One that starts by hand. What is deployed of it in the same environment runs.'
        }
        placeholder="Choose a flow"
        searchable
        data={[
          ...byHand.map(({ id, name }) => ({ value: id, label: name })),
          ...(isListed
            ? []
            : [{ value: step.flow, label: flows?.find(({ id }) => id === step.flow)?.name ?? step.flow }]),
        ]}
        value={step.flow === '' ? null : step.flow}
        error={form.problemsAt('flow')[0]}
        disabled={isOff}
        onChange={(flow) => form.edit({ ...step, flow: flow ?? '' }, 'flow')}
      />
      <h3 className={classes.sub}>What it gets as its body</h3>
      <NamedFields
        label="input"
        fields={step.input}
        scope={form.scope}
        steps={form.steps}
        isOff={isOff}
        problemsOf={(name) => form.problemsAt('input', name)}
        onChange={(input, part) => form.edit({ ...step, input }, part)}
      />
      <Switch
        className={classes.input}
        label="Wait for its end"
        description="Then its failure is this step's failure, and what it answers is this step's output."
        checked={step.wait}
        disabled={isOff}
        onChange={(event) =>
          form.edit(event.currentTarget.checked ? { ...step, wait: true } : { ...rest, wait: false }, 'wait')
        }
      />
      {step.wait && (
        <DurationField
          label="Waits for"
          placeholder="as long as it takes"
          seconds={timeoutSeconds}
          isOff={isOff}
          onChange={(seconds) =>
            form.edit(seconds === undefined ? rest : { ...rest, timeoutSeconds: seconds }, 'timeout')
          }
        />
      )}
    </>
  );
}
