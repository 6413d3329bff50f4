import type { ConnectorDescription } from '@sluice/shared/connector';
import type { StepOf } from '@sluice/shared/flow';
import { DeclaredFields } from './DeclaredFields.js';
import type { StepForm } from './use-step-form.js';
import classes from './StepPanel.module.css';

type Computation = ConnectorDescription['computations'][number];

/** What something is computed of; nothing of it leaves. */
export function ComputeForm(props: { form: StepForm<StepOf<'compute'>>; computation: Computation | undefined }) {
  const { form, computation } = props;
  const said = computation ? [] : [...form.problemsAt('connector'), ...form.problemsAt('computation')];
  return (
    <>
      {computation && <p className={classes.lead}>{computation.description}</p>}
      {said.map((message) => (
        <p key={message} className={classes.problem}>
          {message}
        </p>
      ))}
      <DeclaredFields form={form} schema={computation?.input} classOf={() => null} folded="each has a usual value" />
    </>
  );
}
