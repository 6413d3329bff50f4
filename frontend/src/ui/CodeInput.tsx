import { useId, useState } from 'react';
import classes from './CodeInput.module.css';

const length = 6;

/** Six boxes that are one field: typed, pasted or filled by the system. */
export function CodeInput(props: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  autoFocus?: boolean;
  disabled?: boolean;
}) {
  const id = useId();
  const [hasFocus, setFocus] = useState(false);
  const caret = Math.min(props.value.length, length - 1);
  return (
    <div>
      <label htmlFor={id} className="label">
        {props.label}
      </label>
      <div className={classes.boxes}>
        {Array.from({ length }, (_, index) => (
          <span
            key={index}
            className={classes.box}
            data-caret={(hasFocus && index === caret) || undefined}
            data-error={props.error ? true : undefined}
            aria-hidden
          >
            {props.value[index]}
          </span>
        ))}
        <input
          id={id}
          className={classes.input}
          autoFocus={props.autoFocus}
          data-autofocus={props.autoFocus || undefined}
          disabled={props.disabled}
          inputMode="numeric"
          autoComplete="one-time-code"
          value={props.value}
          aria-invalid={props.error ? true : undefined}
          aria-describedby={props.error ? `${id}-error` : undefined}
          onChange={(event) => props.onChange(event.currentTarget.value.replace(/\D/g, '').slice(0, length))}
          onFocus={() => setFocus(true)}
          onBlur={() => setFocus(false)}
        />
      </div>
      {props.error && (
        <p id={`${id}-error`} className={classes.error} role="alert">
          {props.error}
        </p>
      )}
    </div>
  );
}
