import { useId, useLayoutEffect, useRef, useState } from 'react';
import type { Scope } from '@sluice/shared/flow';
import { callAt } from './call-at.js';
import { CallHelp } from './CallHelp.js';
import { type Completion, completionsAt } from './completions.js';
import type { Caret } from './use-caret.js';
import { deleteToken, type MappingMode } from './mapping-mode.js';
import { tint } from './tint.js';
import classes from './ExpressionInput.module.css';

/** Text with its references tinted, growing with its lines; completion at `.`, `{{` and Ctrl+Space; help inside of a call. */
export function ExpressionInput(props: {
  label: string;
  text: string;
  mode: MappingMode;
  scope: Scope;
  /** Steps whose output can be read here. */
  steps: readonly string[];
  placeholder?: string | undefined;
  isInvalid?: boolean;
  describedBy?: string | undefined;
  isOff?: boolean | undefined;
  /** It is being filled, by typing or from the data. */
  isInside: boolean;
  /** Set by the caller after it changed the text itself. */
  caret: Caret;
  /** Hears each key before it is typed. */
  onKey?: (event: React.KeyboardEvent) => void;
  onChange: (text: string) => void;
  onFocus?: () => void;
  onBlur?: () => void;
}) {
  const id = useId();
  const input = useRef<HTMLTextAreaElement>(null);
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const [caret, setCaret] = useState(0);
  const found = isOpen
    ? completionsAt({
        text: props.text,
        caret: props.caret.at(),
        mode: props.mode,
        scope: props.scope,
        steps: props.steps,
      })
    : null;
  const current = found && Math.min(at, found.options.length - 1);
  const says = found?.options[current ?? 0]?.says;
  const call = found || !props.isInside ? null : callAt(props.text, caret, props.mode);

  useLayoutEffect(() => {
    const place = props.caret.takePlace();
    if (place === null) return;
    input.current?.focus();
    input.current?.setSelectionRange(place, place);
  });

  function put(text: string, caret: number) {
    props.caret.place(caret);
    props.onChange(text);
  }
  function take(option: Completion) {
    if (!found) return;
    put(
      props.text.slice(0, found.from) + option.insert + props.text.slice(props.caret.at()),
      found.from + option.insert.length,
    );
    setOpen(false);
  }
  function onKeyDown(event: React.KeyboardEvent<HTMLTextAreaElement>) {
    props.onKey?.(event);
    if (event.defaultPrevented) return;
    if (event.key === ' ' && event.ctrlKey) {
      event.preventDefault();
      setOpen(true);
      return;
    }
    if (found && current !== null && completionKey(event, { found: found.options, current })) return;
    if (event.key === 'Enter' && !event.shiftKey) event.preventDefault();
    if (event.key !== 'Backspace' || props.mode !== 'template') return;
    const { selectionStart, selectionEnd } = event.currentTarget;
    const left = selectionStart === selectionEnd ? deleteToken(props.text, selectionStart) : null;
    if (left === null) return;
    event.preventDefault();
    put(left.text, left.caret);
  }
  function completionKey(event: React.KeyboardEvent, list: { found: readonly Completion[]; current: number }): boolean {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const option = list.found[list.current];
    if (step !== 0) setAt(Math.max(0, Math.min(list.found.length - 1, list.current + step)));
    else if ((event.key === 'Enter' || event.key === 'Tab') && option) take(option);
    else if (event.key === 'Escape') setOpen(false);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }
  return (
    <span className={classes.frame}>
      <span className={classes.text}>
        <span className={classes.tint} aria-hidden>
          {tint(props.text, props.mode).map((piece, index) =>
            // Pieces have no identity but their place
            piece.isReference ? <mark key={index}>{piece.text}</mark> : <span key={index}>{piece.text}</span>,
          )}
          {'\u200b'}
        </span>
        <textarea
          ref={input}
          className={classes.input}
          rows={1}
          spellCheck={props.mode === 'literal'}
          autoComplete="off"
          aria-label={props.label}
          aria-invalid={props.isInvalid || undefined}
          aria-describedby={call ? `${props.describedBy ?? ''} ${id}-help`.trim() : props.describedBy}
          aria-haspopup="listbox"
          aria-controls={found ? `${id}-list` : undefined}
          aria-activedescendant={found && current !== null ? `${id}-${current}` : undefined}
          aria-autocomplete="list"
          placeholder={props.placeholder}
          disabled={props.isOff}
          value={props.text}
          onChange={(event) => {
            const { value, selectionStart } = event.currentTarget;
            props.caret.move(selectionStart);
            setCaret(selectionStart);
            const typed = value.slice(0, selectionStart);
            const isWord = /[\w$`]$/.test(typed);
            setOpen(
              (before) =>
                typed.endsWith('.') || typed.endsWith('{{') || (before && isWord) || /(^|[^\w.])\$$/.test(typed),
            );
            setAt(0);
            props.onChange(value);
          }}
          onSelect={(event) => {
            props.caret.move(event.currentTarget.selectionStart);
            setCaret(event.currentTarget.selectionStart);
          }}
          onKeyDown={onKeyDown}
          onFocus={props.onFocus}
          onBlur={() => {
            setOpen(false);
            props.onBlur?.();
          }}
        />
      </span>
      {call && <CallHelp id={`${id}-help`} call={call} />}
      {found && (
        <span className={classes.popup}>
          <span className={classes.list} id={`${id}-list`} role="listbox" aria-label="Completions">
            {found.options.map((option, index) => (
              <span
                key={option.insert}
                id={`${id}-${index}`}
                role="option"
                aria-selected={index === current}
                className={classes.option}
                ref={index === current ? (element) => element?.scrollIntoView({ block: 'nearest' }) : undefined}
                onPointerDown={(event) => {
                  event.preventDefault();
                  take(option);
                }}
              >
                <span>{option.insert}</span>
                <span className={classes.detail}>{option.detail}</span>
              </span>
            ))}
          </span>
          {says && <span className={classes.says}>{says}</span>}
        </span>
      )}
    </span>
  );
}
