import { Select } from '@mantine/core';
import type { Json } from '@sluice/shared/lib';
import { useState } from 'react';
import { isExpression, isRecord } from './mapping-mode.js';
import type { FieldForm } from './schema-fields.js';
import classes from './MappingField.module.css';

/** A field that may be given in several forms: one is chosen, and drawn by `children` with the chooser beside its label. */
export function UnionField(props: {
  label: string;
  forms: readonly FieldForm[];
  value: Json | undefined;
  isOff: boolean;
  onChange: (value: Json | undefined) => void;
  children: (form: FieldForm, chooser: React.ReactNode) => React.ReactNode;
}) {
  const { forms, value } = props;
  const [chosen, setChosen] = useState<string | null>(null);
  const form = fittingForm(forms, value) ?? forms.find((each) => each.form === chosen) ?? forms[0];
  if (form === undefined) return null;
  return props.children(
    form,
    <Select
      size="xs"
      className={classes.form}
      aria-label={`Form of ${props.label}`}
      data={forms.map((each) => each.form)}
      value={form.form}
      disabled={props.isOff}
      allowDeselect={false}
      onChange={(next) => {
        const picked = forms.find((each) => each.form === next);
        if (picked === undefined || picked === form) return;
        setChosen(picked.form);
        props.onChange(startOf(picked));
      }}
    />,
  );
}

/** The form that a value has; null where nothing is given, or an expression that may give any. */
export function fittingForm(forms: readonly FieldForm[], value: Json | undefined): FieldForm | null {
  if (value === undefined || isExpression(value)) return null;
  const fits = (form: FieldForm): boolean => {
    if (Array.isArray(value)) return form.kind === 'list' || form.typeWord === 'list';
    if (!isRecord(value)) return !isDrawn(form);
    return isDrawn(form) && form.typeWord !== 'list' && namesOf(form).every(([name, word]) => value[name] === word);
  };
  return forms.find(fits) ?? null;
}

function isDrawn({ kind, typeWord }: FieldForm): boolean {
  return kind === 'group' || kind === 'record' || kind === 'file' || kind === 'list' || typeWord === 'list';
}

/** The fields that can hold but one word: by these the form is known. */
function namesOf({ inner = [] }: FieldForm): [string, string][] {
  return inner.flatMap(({ name, choices, isRequired }) =>
    isRequired && choices.length === 1 && choices[0] !== undefined ? [[name, choices[0]]] : [],
  );
}

function startOf(form: FieldForm): Json | undefined {
  const names = namesOf(form);
  return names.length === 0 ? undefined : Object.fromEntries(names);
}
