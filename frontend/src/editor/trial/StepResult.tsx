import type { RunStep } from '@sluice/shared/api';
import { formatDuration } from '../../lib/format-duration.js';
import { plural } from '../../lib/format-count.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import panel from '../panel/StepPanel.module.css';
import classes from './Trial.module.css';

/** What a step took in and gave in a trial or a run, each try, and what left the building. */
export function StepResult({ step, of = 'trial' }: { step: RunStep; of?: 'trial' | 'run' }) {
  const isOver = step.startedAt !== null && step.endedAt !== null;
  const ms = isOver ? Date.parse(step.endedAt ?? '') - Date.parse(step.startedAt ?? '') : null;
  return (
    <section className={classes.result} aria-label={`Result of the ${of}`}>
      <div className={classes.head}>
        <StatusBadge status={step.status} />
        {ms !== null && <span className="voice-3 numbers">{formatDuration(ms)}</span>}
        {step.masked.length > 0 && <span className="voice-3">{plural(step.masked.length, 'value')} masked</span>}
      </div>
      {step.error && <p className={classes.error}>{step.error.message}</p>}
      {step.attempts.length > 0 && (
        <div>
          <h3 className={panel.sub}>What left the building</h3>
          <ol className={classes.attempts}>
            {step.attempts.map(({ attempt, call, error, status }) => (
              <li key={attempt}>
                Try {attempt}:{' '}
                {call === null ? (
                  <span className="voice-3">{error?.message ?? (status === 'running' ? 'under way' : 'nothing')}</span>
                ) : (
                  <code>
                    {call.method} {call.host}
                    {call.path} → {call.status ?? 'no answer'}
                  </code>
                )}
              </li>
            ))}
          </ol>
        </div>
      )}
      <Json title="Input" of={of} value={step.input} />
      <Json title="Output" of={of} value={step.output} />
    </section>
  );
}

const most = 20_000;

function Json(props: { title: string; of: string; value: unknown }) {
  if (props.value === undefined) return null;
  const text = JSON.stringify(props.value, null, 2);
  return (
    <div>
      <h3 className={panel.sub}>{props.title}</h3>
      <pre className={panel.sample} tabIndex={0} aria-label={`${props.title} in the ${props.of}`}>
        {text.length > most ? `${text.slice(0, most)}\n… cut; the run shows all of it` : text}
      </pre>
    </div>
  );
}
