import { useMemo } from 'react';
import { formatBytes } from '../../lib/format-count.js';
import { CopyValue } from '../../ui/Code.js';
import classes from './Run.module.css';

const most = 64_000;

/** A value as JSON; a large one is cut, and says so. */
export function JsonView(props: { label: string; value: unknown; absent: string }) {
  const text = useMemo(() => (props.value === undefined ? '' : JSON.stringify(props.value, null, 2)), [props.value]);
  if (props.value === undefined) return <p className="voice-3">{props.absent}</p>;
  return (
    <div>
      <div className={classes.jsonHead}>
        <span className="label">
          {text.length > most ? `first 64 kB of ${formatBytes(text.length)}` : formatBytes(text.length)}
        </span>
        <CopyValue value={text} label={props.label.toLowerCase()} />
      </div>
      <pre className={classes.json} tabIndex={0} aria-label={props.label}>
        {text.slice(0, most)}
      </pre>
    </div>
  );
}
