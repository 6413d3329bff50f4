import type { RunStep } from '@sluice/shared/api';
import { formatDuration } from '../../lib/format-duration.js';
import { Card } from '../../ui/Card.js';
import { ConnectorTile } from '../../ui/ConnectorTile.js';
import { StatusIcon } from '../../ui/StatusBadge.js';
import { Time } from '../../ui/Time.js';
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
          {rows.map(({ step, segments, tookMs }) => (
            <li key={step.id}>
              <button
                type="button"
                className={classes.row}
                aria-pressed={step.id === props.selected}
                onClick={() => props.onSelect(step.id)}
              >
                <span className={classes.name}>
                  <ConnectorTile name={props.tiles.get(step.id) ?? step.kind} size={20} />
                  <span>{step.name ?? step.id}</span>
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
  return step.port && step.port !== 'next' ? `${formatDuration(tookMs)}, ${step.port}` : formatDuration(tookMs);
}
