import classes from './MappingField.module.css';

const date = /^\d{4}-\d\d-\d\d$/;

/** What the browser's own field takes of a stored text; null for a text that it can't show. */
export function shownDate(text: string, format: 'date' | 'date-time'): string | null {
  if (text === '') return '';
  if (format === 'date') return date.test(text) ? text : null;
  const at = new Date(text);
  if (date.test(text) || Number.isNaN(at.getTime())) return null;
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

/** What is stored of what the field shows: a time is written in UTC. */
export function storedDate(shown: string, format: 'date' | 'date-time'): string {
  return shown === '' || format === 'date' ? shown : new Date(shown).toISOString();
}

/** A day, or a day with a time in the time zone of who types it. */
export function DateInput(props: {
  label: string;
  shown: string;
  format: 'date' | 'date-time';
  isOff: boolean;
  isInvalid: boolean;
  describedBy: string;
  onKey: (event: React.KeyboardEvent) => void;
  onChange: (text: string) => void;
}) {
  const { format } = props;
  return (
    <input
      className={classes.date}
      type={format === 'date' ? 'date' : 'datetime-local'}
      {...(format === 'date-time' && { step: 1 })}
      aria-label={props.label}
      aria-describedby={props.describedBy}
      aria-invalid={props.isInvalid || undefined}
      disabled={props.isOff}
      value={props.shown}
      onKeyDown={props.onKey}
      onChange={(event) => props.onChange(storedDate(event.currentTarget.value, format))}
    />
  );
}
