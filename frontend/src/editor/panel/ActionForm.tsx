import type { ConnectorDescription } from '@sluice/shared/connector';
import type { StepOf } from '@sluice/shared/flow';
import { useEditor } from '../store/editor-context.js';
import { DeclaredFields } from './DeclaredFields.js';
import { SlotRow } from './SlotRow.js';
import type { StepForm } from './use-step-form.js';
import classes from './StepPanel.module.css';

type Action = ConnectorDescription['actions'][number];

/** An action's input: what isn't mapped isn't sent. */
export function ActionForm(props: { form: StepForm<StepOf<'action'>>; action: Action | undefined }) {
  const { form, action } = props;
  const connector = useEditor((state) => state.document.slots[form.step.slot]?.connector);
  const { slot, action: id, input: given } = form.step;
  const said = action ? [] : form.problemsAt('action');
  return (
    <>
      <SlotRow form={form} />
      {said.map((message) => (
        <p key={message} className={classes.problem}>
          {message}
        </p>
      ))}
      <DeclaredFields
        form={form}
        schema={action?.input}
        // A field that the connector doesn't name counts as personal.
        classOf={(name) => action?.classes[name] ?? 'personal'}
        choicesOf={connector === undefined ? undefined : { connector, slot, form: { kind: 'action', id }, given }}
        folded="none is sent unless mapped"
      />
    </>
  );
}
