import { Textarea } from '@mantine/core';
import type { StepOf } from '@sluice/shared/flow';
import { useQuery } from '@tanstack/react-query';
import { environmentsQuery } from '../../api/queries.js';
import { Notice } from '../../ui/Notice.js';
import { NamedFields } from './NamedFields.js';
import type { StepForm } from './use-step-form.js';
import classes from './StepPanel.module.css';

export function CodeForm({ form }: { form: StepForm<StepOf<'code'>> }) {
  const { step } = form;
  return (
    <>
      <WhereItRuns />
      <Textarea
        className={classes.code}
        label="JavaScript"
        description="The body of a function of input; what it returns is the output. No network, no files, no clock."
        autosize
        minRows={8}
        maxRows={24}
        spellCheck={false}
        maxLength={50_000}
        value={step.source}
        error={form.problemsAt('source')[0]}
        disabled={form.isOff}
        onChange={(event) => form.edit({ ...step, source: event.currentTarget.value }, 'source')}
      />
      <h3 className={classes.sub}>Input</h3>
      <NamedFields
        label="input"
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

/** An environment runs no code unless its policy says so: better known before it is drawn than when it is deployed. */
function WhereItRuns() {
  const environments = useQuery(environmentsQuery()).data?.items;
  if (environments === undefined) return null;
  const refusing = environments.filter(({ policy }) => policy.code !== true).map(({ name }) => name);
  if (refusing.length === 0) return null;
  return (
    <div className={classes.input}>
      <Notice tone="waiting" title={`Code steps may not run in ${refusing.join(', ')}`}>
        An admin allows them for each environment, in the settings.
      </Notice>
    </div>
  );
}
