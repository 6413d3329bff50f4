import type { Step } from '@sluice/shared/flow';
import { useEditor } from '../store/editor-context.js';
import { fieldsOf, isSchema, type JsonSchema } from './schema-fields.js';
import classes from './StepPanel.module.css';

/** What the step gives: its fields by type where they are declared, and what it gives on the sample. */
export function OutputTab(props: { step: Step; schema: JsonSchema | null }) {
  const samples = useEditor((state) => state.samples);
  const sample = props.step.kind === 'trigger' ? samples.scope.trigger : samples.steps[props.step.id];
  const fields = isSchema(props.schema) ? fieldsOf(props.schema) : [];
  return (
    <>
      <p className={classes.lead}>
        Read it as <code>{props.step.kind === 'trigger' ? 'trigger.body' : `steps.${props.step.id}`}</code>
      </p>
      {fields.length > 0 && (
        <dl className={classes.outputs}>
          {fields.map((field) => (
            <div key={field.name}>
              <dt>{field.name}</dt>
              <dd>{field.typeWord}</dd>
            </div>
          ))}
        </dl>
      )}
      <h3 className={classes.sub}>On the sample</h3>
      {sample === undefined ? (
        <p className="voice-3">Nothing.</p>
      ) : (
        <pre className={classes.sample}>{JSON.stringify(sample, null, 2)}</pre>
      )}
    </>
  );
}
