import { NumberInput, Select, Switch, Textarea, TextInput } from '@mantine/core';
import type { Issue } from '@sluice/shared/api';
import type { ConfigField } from './config-field.js';

/** A connector's config as a form. */
export function ConfigFields(props: {
  fields: readonly ConfigField[];
  values: Readonly<Record<string, string | boolean>>;
  issues: readonly Issue[];
  onChange: (name: string, value: string | boolean) => void;
}) {
  return props.fields.map((field) => (
    <OneField
      key={field.name}
      field={field}
      value={props.values[field.name] ?? field.initial}
      error={
        props.issues.find((issue) => issue.path.replace(/^(body\.)?config\./, '').split('.')[0] === field.name)?.message
      }
      onChange={(value) => props.onChange(field.name, value)}
    />
  ));
}

/** As beside each other in a pair, so that boxes stand in one line. */
const helpBelow: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error'];

function OneField(props: {
  field: ConfigField;
  value: string | boolean;
  error: string | undefined;
  onChange: (value: string | boolean) => void;
}) {
  const { field } = props;
  const shared = {
    label: field.label,
    description: field.help,
    required: field.isRequired,
    withAsterisk: false,
    inputWrapperOrder: helpBelow,
    error: props.error,
  };
  const text = typeof props.value === 'string' ? props.value : '';
  switch (field.kind) {
    case 'switch':
      return (
        <Switch
          label={field.label}
          description={field.help}
          error={props.error}
          checked={props.value === true}
          onChange={(event) => props.onChange(event.currentTarget.checked)}
        />
      );
    case 'choice':
      return (
        <Select
          {...shared}
          data={[...field.choices]}
          placeholder="Not set"
          value={text || null}
          clearable={!field.isRequired}
          onChange={(value) => props.onChange(value ?? '')}
        />
      );
    case 'number':
      return <NumberInput {...shared} value={text} hideControls onChange={(value) => props.onChange(String(value))} />;
    case 'list':
      return (
        <Textarea
          {...shared}
          placeholder="One a line"
          autosize
          minRows={2}
          value={text}
          onChange={(event) => props.onChange(event.currentTarget.value)}
        />
      );
    case 'text':
      return <TextInput {...shared} value={text} onChange={(event) => props.onChange(event.currentTarget.value)} />;
  }
}
