import type { RunStep } from '@sluice/shared/api';
import { formatDuration } from '../../lib/format-duration.js';
import { Card } from '../../ui/Card.js';
import { ConnectorTile } from '../../ui/ConnectorTile.js';
import { StatusIcon } from '../../ui/StatusBadge.js';
import { Time } from '../../ui/Time.js';
import { passWords } from './step-key.js';
import type { Waterfall } from './waterfall.js';
import classes from './Waterfall.module.css';

/** When: one row a step, work drawn apart from waits. */
export function WaterfallCard(props: {
  waterfall: Waterfall;
  startedAt: string;
  tiles: ReadonlyMap<string, string>;
  selected: string | undefined;
  onSelect: (id: string) => void;
}) {
  const { rows, ticks, totalMs } = props.waterfall;
  return (
    <Card
      flush
      title={
        <>
          Waterfall{' '}
          <span className={classes.at}>
            <Time at={props.startedAt} as="precise" />
          </span>
        </>
      }
      aside={
        <span className={classes.legend}>
          <i data-kind="work" /> work <i data-kind="wait" /> wait <i data-kind="failed" /> failed{' '}
          <b className="numbers">{formatDuration(totalMs)}</b>
        </span>
      }
    >
      <div className={classes.grid}>
        <div className={classes.axis} aria-hidden>
          {ticks.map((tick) => (
            <span key={tick.at} style={{ insetInlineStart: `${tick.at * 100}%` }}>
              {tick.label}
            </span>
          ))}
        </div>
        <ul>
          {rows.map(({ step, depth, segments, tookMs }) => (
            <li key={step.key}>
              <button
                type="button"
                className={classes.row}
                aria-pressed={step.key === props.selected}
                onClick={() => props.onSelect(step.key)}
              >
                <span className={classes.name} style={{ paddingInlineStart: depth * 16 }}>
                  <ConnectorTile name={props.tiles.get(step.key) ?? step.kind} size={20} />
                  <span>
                    {step.name ?? step.id}
                    {depth > 0 && <span className={classes.pass}> {passWords(step.key)}</span>}
                  </span>
                </span>
                <span className={classes.track} aria-hidden>
                  {ticks.map((tick) => (
                    <em key={tick.at} style={{ insetInlineStart: `${tick.at * 100}%` }} />
                  ))}
                  {segments.map((segment) => (
                    <i
                      key={`${segment.kind} ${segment.from}`}
                      data-kind={segment.kind}
                      style={{
                        insetInlineStart: `${segment.from * 100}%`,
                        width: `max(3px, ${(segment.to - segment.from) * 100}%)`,
                      }}
                    />
                  ))}
                </span>
                <span className={classes.took}>
                  {tookText(step, tookMs)} <StatusIcon status={step.status} />
                </span>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </Card>
  );
}

function tookText(step: RunStep, tookMs: number | null): string {
  if (step.status === 'skipped') return 'not taken';
  if (tookMs === null) return step.status === 'cancelled' ? 'not started' : 'not yet';
  if (step.passes !== null && step.passes.failed > 0) return `${formatDuration(tookMs)}, ${step.passes.failed} failed`;
  return step.port && step.port !== 'next' ? `${formatDuration(tookMs)}, ${step.port}` : formatDuration(tookMs);
}
