import { Select } from '@mantine/core';
import type { Reason, Scope } from '@sluice/shared/flow';
import type { Json } from '@sluice/shared/lib';
import { useId, useRef, useState } from 'react';
import type { FieldClass } from '../../ui/ClassTag.js';
import { ClassWhy } from './ClassWhy.js';
import { DateInput, shownDate } from './DateInput.js';
import { ExpressionInput } from './ExpressionInput.js';
import { isInData, pathDragType, useFieldFocus } from './field-focus.js';
import { filesIn } from './files-in.js';
import { useCaret } from './use-caret.js';
import { insertPath, type MappingMode, modeOf, switchMode, textOf, valueOf } from './mapping-mode.js';
import { ModeSwitch } from './ModeSwitch.js';
import { type Preview, previewOf } from './preview.js';
import type { FieldSpec } from './schema-fields.js';
import classes from './MappingField.module.css';

export interface MappingFieldProps {
  field: FieldSpec;
  value: Json | undefined;
  scope: Scope;
  /** Steps whose output can be read here. */
  steps: readonly string[];
  fieldClass?: FieldClass | null;
  /** Why it is that: the way its data comes, for each class. */
  why?: readonly Reason[] | undefined;
  /** What `checkFlow` says of this field. */
  problems: readonly string[];
  isOff?: boolean;
  /** Takes an expression and nothing else. */
  isExpression?: boolean;
  onChange: (value: Json | undefined) => void;
  /** Beside the label, at the right: a button that takes the field away. */
  aside?: React.ReactNode;
  /** At the end of the box, while the value is written out. */
  picker?: React.ReactNode;
  /** Stands in place of the label. */
  head?: React.ReactNode;
}

/** One field of a mapping: how it is given, the value, and what it gives on the sample. */
export function MappingField(props: MappingFieldProps) {
  const { field, value, scope } = props;
  const id = useId();
  const focus = useFieldFocus();
  const caret = useCaret();
  const [chosen, setChosen] = useState<MappingMode | null>(null);
  const [note, setNote] = useState<string | null>(null);
  const [isInside, setInside] = useState(false);
  const [isOver, setOver] = useState(false);
  const stored = modeOf(value);
  // A mode without anything in it leaves no trace in the flow, so it is remembered here until something is.
  const kept = chosen !== null && (value === undefined || stored === 'literal') ? chosen : stored;
  const mode = props.isExpression ? 'expression' : kept;
  const text = textOf(value);

  function put(next: string, nextMode: MappingMode) {
    setChosen(nextMode);
    props.onChange(valueOf(next, nextMode, field));
  }
  function choose(next: MappingMode) {
    // No file stands in a flow as it is: it is chosen anew.
    if (field.kind === 'file' && next === 'literal') {
      put('', next);
      return;
    }
    const switched = switchMode(text, mode, next);
    setNote(switched.note);
    put(switched.text, next);
  }
  function insert(path: string) {
    const at = Math.min(caret.at(), text.length);
    const inserted = insertPath({ text, mode, caret: at, isText: field.kind === 'text' }, path);
    caret.place(inserted.caret);
    setNote(null);
    put(inserted.text, inserted.mode);
  }
  function onKey(event: React.KeyboardEvent) {
    const next = event.altKey ? modesByKey[event.code] : undefined;
    if (next === undefined || props.isExpression) return;
    event.preventDefault();
    choose(next);
  }
  const latest = useRef(insert);
  latest.current = insert;

  const isDropTarget = focus.dragged !== null && !props.isOff;
  const isChoice = mode === 'literal' && (field.kind === 'choice' || field.kind === 'switch');
  const shown = mode === 'literal' && field.format !== undefined ? shownDate(text, field.format) : null;
  const preview =
    value === undefined || (mode === 'literal' && typeof value !== 'object')
      ? timeIn(field, shown === null ? '' : text)
      : previewOf(value, scope);
  const said = isInside ? [] : props.problems;
  const isInvalid = said.length > 0 || preview?.kind === 'error';
  return (
    <div className={classes.field}>
      {props.head ?? (
        <FieldHead field={field} fieldClass={props.fieldClass ?? null} why={props.why} aside={props.aside} />
      )}
      <div
        className={classes.box}
        data-invalid={isInvalid || undefined}
        data-drop={isDropTarget || undefined}
        data-over={(isDropTarget && isOver) || undefined}
        onFocus={() => {
          setInside(true);
          focus.take({ insert: (path) => latest.current(path), leave: () => setInside(false) });
        }}
        onBlur={(event) => {
          const to = event.relatedTarget;
          if (!event.currentTarget.contains(to) && !isInData(to)) setInside(false);
        }}
        onDragOver={(event) => {
          if (!event.dataTransfer.types.includes(pathDragType)) return;
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          const path = event.dataTransfer.getData(pathDragType);
          setOver(false);
          if (path === '') return;
          event.preventDefault();
          insert(path);
        }}
      >
        {!props.isExpression && <ModeSwitch label={field.label} mode={mode} onChange={choose} isOff={props.isOff} />}
        {isDropTarget && text === '' ? (
          <span className={classes.drop}>Drop to map</span>
        ) : isChoice ? (
          <ChoiceInput {...props} describedBy={`${id}-under`} />
        ) : mode === 'literal' && field.kind === 'file' && value === undefined ? (
          <FileInput {...props} describedBy={`${id}-under`} onPick={insert} />
        ) : shown !== null && field.format !== undefined ? (
          <DateInput
            label={field.label}
            shown={shown}
            format={field.format}
            isOff={props.isOff === true}
            isInvalid={isInvalid}
            describedBy={`${id}-under`}
            onKey={onKey}
            onChange={(next) => put(next, 'literal')}
          />
        ) : (
          <ExpressionInput
            label={field.label}
            text={text}
            mode={mode}
            scope={scope}
            steps={props.steps}
            caret={caret}
            onKey={onKey}
            isInvalid={isInvalid}
            isOff={props.isOff}
            isInside={isInside}
            describedBy={`${id}-under`}
            placeholder={field.fallback === null ? undefined : `${field.fallback} unless set`}
            onChange={(next) => {
              setNote(null);
              put(next, mode);
            }}
          />
        )}
        {mode === 'literal' && props.picker}
      </div>
      <div id={`${id}-under`} className={classes.under}>
        <PreviewLine preview={preview} />
        {said.map((message) => (
          <p key={message} className={classes.error}>
            {message}
          </p>
        ))}
        {note && <p className={classes.note}>{note}</p>}
        {field.help && preview === null && said.length === 0 && <p className={classes.help}>{field.help}</p>}
      </div>
    </div>
  );
}

/** A time is typed in the time zone of the browser and sent in UTC: that is said below it. */
function timeIn({ format }: FieldSpec, text: string): Preview | null {
  return format === 'date-time' && text !== '' ? { kind: 'value', text } : null;
}

const modesByKey: Readonly<Record<string, MappingMode>> = {
  Digit1: 'literal',
  Digit2: 'template',
  Digit3: 'expression',
};

export function FieldHead(props: {
  field: FieldSpec;
  fieldClass: FieldClass | null;
  why?: readonly Reason[] | undefined;
  aside?: React.ReactNode;
}) {
  const { field } = props;
  return (
    <div className={classes.head}>
      <span className={classes.name}>{field.label}</span>
      <span className={classes.type}>
        {field.typeWord}
        {field.isRequired && ', required'}
      </span>
      <span className={classes.aside}>
        {props.aside}
        {props.fieldClass && <ClassWhy name={props.fieldClass} why={props.why ?? []} />}
      </span>
    </div>
  );
}

function ChoiceInput(props: MappingFieldProps & { describedBy: string }) {
  const { field, value } = props;
  const isSwitch = field.kind === 'switch';
  const data = isSwitch
    ? [
        { value: 'true', label: 'Yes' },
        { value: 'false', label: 'No' },
      ]
    : [...field.choices];
  return (
    <Select
      className={classes.choice}
      variant="unstyled"
      aria-label={field.label}
      aria-describedby={props.describedBy}
      placeholder={field.fallback === null ? 'Choose' : `${field.fallback} unless set`}
      data={data}
      value={value === undefined ? null : textOf(value)}
      clearable={!field.isRequired}
      disabled={props.isOff === true}
      comboboxProps={{ withinPortal: true }}
      onChange={(next) => props.onChange(next === null ? undefined : isSwitch ? next === 'true' : next)}
    />
  );
}

/** The files of earlier steps, to choose from. */
function FileInput(props: MappingFieldProps & { describedBy: string; onPick: (path: string) => void }) {
  const paths = filesIn(props.scope, props.steps);
  return (
    <Select
      className={classes.choice}
      variant="unstyled"
      aria-label={props.field.label}
      aria-describedby={props.describedBy}
      placeholder="Choose a file of an earlier step"
      nothingFoundMessage="No earlier step gives a file on this sample. Write where it comes from as an expression."
      data={paths}
      value={null}
      disabled={props.isOff === true}
      comboboxProps={{ withinPortal: true }}
      onChange={(path) => path !== null && props.onPick(path)}
    />
  );
}

export function PreviewLine(props: { preview: Preview | null }) {
  const { preview } = props;
  if (preview === null) return null;
  if (preview.kind === 'error') return <p className={classes.error}>{preview.message}</p>;
  if (preview.kind === 'nothing')
    return (
      <p className={preview.hint ? classes.warning : classes.result}>
        {preview.hint ?? '= nothing on this sample, so it is left out'}
      </p>
    );
  return (
    <p className={classes.result}>
      = <code>{preview.text}</code>
    </p>
  );
}
