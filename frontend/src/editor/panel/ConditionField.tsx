import { useId, useRef, useState } from 'react';
import { ExpressionInput } from './ExpressionInput.js';
import { isInData, pathDragType, useFieldFocus } from './field-focus.js';
import { useCaret } from './use-caret.js';
import { holdsOnSample, previewOf } from './preview.js';
import { PreviewLine } from './MappingField.js';
import type { StepForm } from './use-step-form.js';
import classes from './MappingField.module.css';

type Condition = boolean | { $: string };

/** An expression that holds or doesn't; empty means that it always holds. */
export function ConditionField(props: {
  label: string;
  value: Condition;
  form: Pick<StepForm, 'scope' | 'steps' | 'isOff'>;
  /** What it means to be empty. */
  empty?: string;
  problems: readonly string[];
  onChange: (value: Condition) => void;
}) {
  const { value, form } = props;
  const id = useId();
  const focus = useFieldFocus();
  const caret = useCaret();
  const [isInside, setInside] = useState(false);
  const text = typeof value === 'boolean' ? (value ? '' : 'false') : value.$;
  const put = (next: string) => props.onChange(next.trim() === '' ? true : { $: next });
  const insert = useRef<(path: string) => void>(put);
  insert.current = (path) => {
    const at = Math.min(caret.at(), text.length);
    caret.place(at + path.length);
    put(text.slice(0, at) + path + text.slice(at));
  };
  const preview = text === '' ? null : previewOf({ $: text }, form.scope);
  const holds = preview?.kind === 'error' || preview === null ? null : holdsOnSample({ $: text }, form.scope);
  const said = isInside ? [] : props.problems;
  return (
    <div className={classes.field}>
      <div className={classes.head}>
        <span className={classes.name}>{props.label}</span>
        <span className={classes.type}>condition</span>
      </div>
      <div
        className={classes.box}
        data-invalid={said.length > 0 || preview?.kind === 'error' || undefined}
        data-drop={focus.dragged !== null || undefined}
        onFocus={() => {
          setInside(true);
          focus.take({ insert: (path) => insert.current(path), leave: () => setInside(false) });
        }}
        onBlur={(event) => {
          if (!isInData(event.relatedTarget)) setInside(false);
        }}
        onDragOver={(event) => {
          if (event.dataTransfer.types.includes(pathDragType)) event.preventDefault();
        }}
        onDrop={(event) => {
          const path = event.dataTransfer.getData(pathDragType);
          if (path === '') return;
          event.preventDefault();
          insert.current(path);
        }}
      >
        <ExpressionInput
          label={props.label}
          text={text}
          mode="expression"
          scope={form.scope}
          steps={form.steps}
          caret={caret}
          isOff={form.isOff}
          isInside={isInside}
          describedBy={`${id}-under`}
          placeholder="trigger.body.amount >= 10000"
          onChange={put}
        />
      </div>
      <div id={`${id}-under`} className={classes.under}>
        {text === '' ? (
          <p className={classes.help}>{props.empty ?? 'Empty: it always holds'}</p>
        ) : holds === null ? (
          <PreviewLine preview={preview} />
        ) : (
          <Outcome holds={holds} preview={preview} />
        )}
        {said.map((message) => (
          <p key={message} className={classes.error}>
            {message}
          </p>
        ))}
      </div>
    </div>
  );
}

function Outcome(props: { holds: boolean; preview: ReturnType<typeof previewOf> | null }) {
  const hint = props.preview?.kind === 'nothing' ? props.preview.hint : null;
  return (
    <>
      <p className={classes.result}>= {props.holds ? 'holds' : 'does not hold'} on the sample</p>
      {hint && <p className={classes.warning}>{hint}</p>}
    </>
  );
}
