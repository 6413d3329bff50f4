import type { ConnectionDetail } from '@sluice/shared/api';
import type { ConnectorDescription } from '@sluice/shared/connector';
import { Link } from '@tanstack/react-router';
import { formatCount } from '../../lib/format-count.js';
import { Code } from '../../ui/Code.js';
import { PanelPart } from '../../ui/SidePanel.js';
import { Time } from '../../ui/Time.js';
import classes from './Connections.module.css';

/** Which scopes were used at which host, and which were granted for nothing: those can be given back. */
export function ConnectionUses(props: { detail: ConnectionDetail; connector: ConnectorDescription | undefined }) {
  const { uses, granted, environment } = props.detail;
  const unused = granted.filter((scope) => !uses.some((use) => use.scope === scope));
  const titleOf = (scope: string) => props.connector?.scopes[scope]?.title;
  return (
    <PanelPart
      title="Scopes"
      aside={
        granted.length === 0
          ? 'calls in 90 days'
          : `${granted.length - unused.length} of ${granted.length} used in 90 days`
      }
    >
      {uses.length + unused.length === 0 && <p className="voice-3">No flow called it yet.</p>}
      <ul className={classes.list}>
        {uses.map((use) => (
          <li key={`${use.scope} ${use.host}`}>
            <div className={classes.row}>
              <span className={classes.grow}>
                <Code plain>{use.scope || 'test'}</Code>
              </span>
              <span className="numbers">{formatCount(use.calls)}</span>
            </div>
            <span className="label">
              {titleOf(use.scope) && `${titleOf(use.scope)}, `}at {use.host}, last <Time at={use.lastAt} />
            </span>
          </li>
        ))}
        {unused.map((scope) => (
          <li key={scope}>
            <div className={classes.row}>
              <span className={classes.grow}>
                <Code plain>{scope}</Code>
              </span>
              <span className={classes.soon}>not called</span>
            </div>
            {titleOf(scope) && <span className="label">{titleOf(scope)}</span>}
          </li>
        ))}
      </ul>
      {unused.length > 0 && (
        <p className={classes.give}>
          <Link to="/reviews" search={{ environment }}>
            Give back the rest
          </Link>
        </p>
      )}
    </PanelPart>
  );
}
