import type { ConnectionDetail } from '@sluice/shared/api';
import { formatCount } from '../../lib/format-count.js';
import { Code } from '../../ui/Code.js';
import { PanelPart } from '../../ui/SidePanel.js';
import { Time } from '../../ui/Time.js';
import classes from './Connections.module.css';

/** Which scopes were used at which host: what was never used can be given back. */
export function ConnectionUses(props: { hosts: readonly string[]; uses: ConnectionDetail['uses'] }) {
  const silent = props.hosts.filter((host) => !props.uses.some((use) => use.host === host));
  return (
    <PanelPart title="Last use" aside="calls in 30 days">
      <ul className={classes.list}>
        {props.uses.map((use) => (
          <li key={`${use.scope} ${use.host}`}>
            <div className={classes.row}>
              <span className={classes.grow}>
                <Code plain>{use.scope || 'test'}</Code>
              </span>
              <span className="numbers">{formatCount(use.calls)}</span>
            </div>
            <span className="label">
              at {use.host}, last <Time at={use.lastAt} />
            </span>
          </li>
        ))}
        {silent.map((host) => (
          <li key={host} className={classes.row}>
            <span className={classes.grow}>
              <Code plain>{host}</Code>
            </span>
            <span className="voice-3">not called</span>
          </li>
        ))}
      </ul>
    </PanelPart>
  );
}
