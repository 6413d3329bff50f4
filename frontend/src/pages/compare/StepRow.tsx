import type { RunStep } from '@sluice/shared/api';
import { formatDuration } from '../../lib/format-duration.js';
import { plural } from '../../lib/format-count.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { isSame, type StepPair } from './compare-runs.js';
import classes from './Compare.module.css';

/** What one step was in both, and each value that was another. */
export function StepRow({ pair }: { pair: StepPair }) {
  return (
    <section className={classes.step} aria-label={pair.name} data-same={isSame(pair) || undefined}>
      <div className={classes.line}>
        <h3>{pair.name}</h3>
        <Ended step={pair.one} />
        <Ended step={pair.other} />
      </div>
      {pair.values.length > 0 && (
        <table className={classes.values}>
          <thead>
            <tr>
              <th scope="col">Value</th>
              <th scope="col">This run</th>
              <th scope="col">Compared with</th>
            </tr>
          </thead>
          <tbody>
            {pair.values.map(({ path, one, other }) => (
              <tr key={path}>
                <th scope="row">
                  <code>{path}</code>
                </th>
                <td>
                  <Value value={one} />
                </td>
                <td>
                  <Value value={other} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {pair.more > 0 && <p className={classes.more}>And {plural(pair.more, 'value')} more.</p>}
    </section>
  );
}

function Ended({ step }: { step: RunStep | null }) {
  if (step === null) return <span className={classes.ended}>Not there</span>;
  const { startedAt, endedAt, attempts, port } = step;
  return (
    <span className={classes.ended}>
      <StatusBadge status={step.status} plain />
      {startedAt !== null && endedAt !== null && (
        <span className="numbers">{formatDuration(Date.parse(endedAt) - Date.parse(startedAt))}</span>
      )}
      {attempts.length > 1 && <span>{plural(attempts.length, 'attempt')}</span>}
      {port !== null && port !== 'next' && <span>by {port}</span>}
    </span>
  );
}

const mostCharacters = 400;

function Value({ value }: { value: unknown }) {
  if (value === undefined) return <span className={classes.none}>none</span>;
  const text = JSON.stringify(value);
  return <code>{text.length > mostCharacters ? `${text.slice(0, mostCharacters)} …` : text}</code>;
}
