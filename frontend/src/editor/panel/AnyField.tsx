import { ActionIcon, UnstyledButton } from '@mantine/core';
import type { Json } from '@sluice/shared/lib';
import { IconCode, IconListDetails, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { isExpression, isRecord } from './mapping-mode.js';
import { FieldHead, MappingField, type MappingFieldProps } from './MappingField.js';
import { Problems, RecordField } from './RecordField.js';
import type { FieldSpec } from './schema-fields.js';
import { UnionField } from './UnionField.js';
import { withMember } from './use-step-form.js';
import classes from './StepPanel.module.css';

interface AnyFieldProps extends Omit<MappingFieldProps, 'problems'> {
  /** What is said of the field, or of the part of it at a path. */
  problemsAt: (...path: (string | number)[]) => readonly string[];
}

/** A field of any schema: a group by its own fields, a list item by item, and each of them by one expression too. */
export function AnyField({ problemsAt, ...props }: AnyFieldProps) {
  const { field, value, aside } = props;
  if (field.forms === undefined) return <PlainField {...props} problemsAt={problemsAt} />;
  return (
    <UnionField
      label={field.label}
      forms={field.forms}
      value={value}
      isOff={props.isOff === true}
      onChange={props.onChange}
    >
      {(form, chooser) => (
        <PlainField
          // A field keeps how it is given, which is another matter in another form.
          key={form.form}
          {...props}
          field={{ ...form, label: field.label }}
          problemsAt={problemsAt}
          aside={
            <>
              {chooser}
              {aside}
            </>
          }
        />
      )}
    </UnionField>
  );
}

function PlainField({ problemsAt, ...props }: AnyFieldProps) {
  const problems = problemsAt();
  const { field, value } = props;
  const isWhole = value !== undefined && (isExpression(value) || typeof value === 'string');
  if (field.kind === 'record') return <RecordField {...props} problems={problems} />;
  const isGroup = field.inner !== undefined && (value === undefined || (isRecord(value) && !isWhole));
  if (isGroup) return <GroupField {...props} problemsAt={problemsAt} fields={isRecord(value) ? value : {}} />;
  const isList = field.item !== undefined && (value === undefined || (Array.isArray(value) && !isWhole));
  if (isList) return <ListField {...props} problemsAt={problemsAt} items={Array.isArray(value) ? value : []} />;
  const back = (field.inner ?? field.item) !== undefined && !props.isOff && (
    <Switch label={`Give ${field.label} part by part`} onClick={() => props.onChange(undefined)}>
      <IconListDetails size={14} stroke={2} />
    </Switch>
  );
  return (
    <MappingField
      {...props}
      problems={problems}
      aside={
        <>
          {props.aside}
          {back}
        </>
      }
    />
  );
}

function GroupField(props: AnyFieldProps & { fields: Readonly<Record<string, Json>> }) {
  const { field, fields } = props;
  const [opened, setOpened] = useState(false);
  const inner = field.inner ?? [];
  const shown = inner.filter((one) => opened || one.isRequired || fields[one.name] !== undefined);
  // Of another version of the connector, or of a flow that was written by hand.
  const unknown = Object.keys(fields).filter((name) => inner.every((one) => one.name !== name));
  function put(name: string, value: Json | undefined) {
    const next = withMember(fields, name, value);
    props.onChange(Object.keys(next).length === 0 ? undefined : next);
  }
  return (
    <fieldset className={classes.group} disabled={props.isOff === true}>
      <Head {...props} />
      {shown.map((one) => (
        <AnyField
          key={one.name}
          field={one}
          value={fields[one.name]}
          scope={props.scope}
          steps={props.steps}
          isOff={props.isOff ?? false}
          problemsAt={(...path) => props.problemsAt(one.name, ...path)}
          onChange={(value) => put(one.name, value)}
        />
      ))}
      {unknown.map((name) => (
        <MappingField
          key={name}
          field={unknownField(name)}
          value={fields[name]}
          scope={props.scope}
          steps={props.steps}
          isOff={props.isOff ?? false}
          problems={props.problemsAt(name)}
          onChange={(value) => put(name, value)}
          aside={
            !props.isOff && (
              <Switch label={`Remove ${name}`} onClick={() => put(name, undefined)}>
                <IconTrash size={14} stroke={2} />
              </Switch>
            )
          }
        />
      ))}
      <Problems said={ownProblems(props.problemsAt, [...shown.map(({ name }) => name), ...unknown])} />
      {shown.length < inner.length && !props.isOff && (
        <UnstyledButton className={classes.add} onClick={() => setOpened(true)}>
          <IconPlus size={15} stroke={2} aria-hidden /> {inner.length - shown.length} more of {field.label}
        </UnstyledButton>
      )}
    </fieldset>
  );
}

function ListField(props: AnyFieldProps & { items: readonly Json[] }) {
  const { field, items } = props;
  const item = field.item;
  if (item === undefined) return null;
  const put = (next: readonly Json[]) => props.onChange(next.length === 0 ? undefined : [...next]);
  return (
    <fieldset className={classes.group} disabled={props.isOff === true}>
      <Head {...props} />
      {items.map((value, index) => (
        <AnyField
          // The place is the identity of an item.
          key={index}
          field={{ ...item, label: `${field.label} ${index + 1}` }}
          value={value === '' || value === null ? undefined : value}
          scope={props.scope}
          steps={props.steps}
          isOff={props.isOff ?? false}
          problemsAt={(...path) => props.problemsAt(index, ...path)}
          onChange={(next) => put(items.map((other, at) => (at === index ? (next ?? emptyOf(item)) : other)))}
          aside={
            !props.isOff && (
              <Switch
                label={`Remove ${field.label} ${index + 1}`}
                onClick={() => put(items.filter((_, at) => at !== index))}
              >
                <IconTrash size={14} stroke={2} />
              </Switch>
            )
          }
        />
      ))}
      <Problems said={ownProblems(props.problemsAt, [...items.keys()])} />
      {!props.isOff && (
        <UnstyledButton className={classes.add} onClick={() => put([...items, emptyOf(item)])}>
          <IconPlus size={15} stroke={2} aria-hidden /> Add one
        </UnstyledButton>
      )}
    </fieldset>
  );
}

/** What is said of the whole and by none of the parts that are shown. */
function ownProblems(problemsAt: AnyFieldProps['problemsAt'], parts: readonly (string | number)[]): string[] {
  const bySomePart = new Set(parts.flatMap((part) => problemsAt(part)));
  return problemsAt().filter((message) => !bySomePart.has(message));
}

function unknownField(name: string): FieldSpec {
  return {
    name,
    label: name,
    help: null,
    typeWord: 'not a field of it',
    isRequired: false,
    kind: 'json',
    choices: [],
    fallback: null,
  };
}

function emptyOf({ inner }: FieldSpec): Json {
  return inner === undefined ? '' : {};
}

/** The head of a group or list; while nothing is in it, it may be given as a whole. */
function Head(props: AnyFieldProps) {
  const { field } = props;
  return (
    <legend className={classes.legend}>
      <FieldHead
        field={field}
        fieldClass={props.fieldClass ?? null}
        why={props.why}
        aside={
          <>
            {props.aside}
            {props.value === undefined && !props.isOff && (
              <Switch
                label={`Give ${field.label} by one expression`}
                onClick={() => props.onChange({ $: field.item === undefined ? '{}' : '[]' })}
              >
                <IconCode size={14} stroke={2} />
              </Switch>
            )}
          </>
        }
      />
    </legend>
  );
}

function Switch(props: { label: string; onClick: () => void; children: React.ReactNode }) {
  return (
    <ActionIcon size={24} aria-label={props.label} title={props.label} onClick={props.onClick}>
      {props.children}
    </ActionIcon>
  );
}
