import { ActionIcon } from '@mantine/core';
import { IconCode } from '@tabler/icons-react';
import { isExpression, isRecord } from './mapping-mode.js';
import { FieldHead, MappingField, type MappingFieldProps } from './MappingField.js';
import { NamedFields } from './NamedFields.js';
import classes from './StepPanel.module.css';

/** A group of fields with free names; or one expression that gives the whole group. */
export function RecordField(props: MappingFieldProps) {
  const { value, field } = props;
  if (value !== undefined && (isExpression(value) || !isRecord(value))) return <MappingField {...props} />;
  const whole = !props.isOff && value === undefined && (
    <ActionIcon
      size={24}
      aria-label={`Give ${field.label} by one expression`}
      title="Give it by one expression"
      onClick={() => props.onChange({ $: '{}' })}
    >
      <IconCode size={14} stroke={2} />
    </ActionIcon>
  );
  const aside = (
    <>
      {props.aside}
      {whole}
    </>
  );
  return (
    <div className={classes.record}>
      <FieldHead field={field} fieldClass={props.fieldClass ?? null} why={props.why} aside={aside} />
      <NamedFields
        label={field.label}
        fields={value ?? {}}
        scope={props.scope}
        steps={props.steps}
        isOff={props.isOff === true}
        problemsOf={() => []}
        onChange={(fields) => props.onChange(Object.keys(fields).length === 0 ? undefined : fields)}
      />
      <Problems said={props.problems} />
    </div>
  );
}

/** What is said of a group or list itself, below its parts. */
export function Problems(props: { said: readonly string[] }) {
  return props.said.map((message) => (
    <p key={message} className={classes.problem}>
      {message}
    </p>
  ));
}
