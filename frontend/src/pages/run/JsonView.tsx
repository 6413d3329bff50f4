import type { RunStep } from '@sluice/shared/api';
import { IconEye } from '@tabler/icons-react';
import { Fragment, useMemo } from 'react';
import { formatBytes } from '../../lib/format-count.js';
import { CopyValue } from '../../ui/Code.js';
import { type JsonLine, jsonLines } from './json-lines.js';
import type { Reveals } from './use-reveals.js';
import classes from './Run.module.css';

const most = 64_000;

/** A value as JSON; a large one is cut, and says so. Stand-ins are marked, and open one by one. */
export function JsonView(props: {
  label: string;
  value: unknown;
  absent: string;
  /** `input` or `output`: what `masked` begins with. */
  side: 'input' | 'output';
  masked: RunStep['masked'];
  reveals: Reveals;
}) {
  const { value, side } = props;
  const text = useMemo(() => (value === undefined ? '' : JSON.stringify(value, null, 2)), [value]);
  const lines = useMemo(() => (value === undefined ? [] : jsonLines(value, side, most)), [value, side]);
  const classOf = useMemo(() => new Map(props.masked.map((field) => [field.field, field.class])), [props.masked]);
  if (value === undefined) return <p className="voice-3">{props.absent}</p>;
  return (
    <div>
      <div className={classes.jsonHead}>
        <span className="label">
          {text.length > most ? `first 64 kB of ${formatBytes(text.length)}` : formatBytes(text.length)}
          {[...classOf.keys()].some((field) => field.startsWith(side)) && ', masked by class'}
        </span>
        <CopyValue value={text} label={props.label.toLowerCase()} />
      </div>
      <pre className={classes.json} tabIndex={0} aria-label={props.label}>
        {lines.map((line) => (
          <Fragment key={line.number}>
            {'  '.repeat(line.indent)}
            {line.text}
            <Plain line={line} held={classOf.get(line.plain?.field ?? '')} reveals={props.reveals} />
            {line.after}
            {'\n'}
          </Fragment>
        ))}
      </pre>
    </div>
  );
}

function Plain(props: { line: JsonLine; held: string | undefined; reveals: Reveals }) {
  const { line, held, reveals } = props;
  if (line.plain === null) return null;
  const { text, field } = line.plain;
  if (held === undefined) return text;
  const shown = reveals.shown(field);
  if (shown !== undefined) {
    return (
      <mark className={classes.shown} title={`${held}, covered again within a minute`}>
        {JSON.stringify(shown)}
      </mark>
    );
  }
  if (!reveals.mayReveal) {
    return (
      <span className={classes.mask} data-class={held} title={`${held}: your roles don’t let you see it`}>
        {text}
      </span>
    );
  }
  return (
    <button
      type="button"
      className={classes.mask}
      data-class={held}
      title={`${held}: a stand-in. Reveal it`}
      onClick={() => reveals.ask(field, held)}
    >
      {text} <IconEye size={12} stroke={2} aria-hidden />
      <span className="for-readers">
        Reveal {field}, {held}
      </span>
    </button>
  );
}
