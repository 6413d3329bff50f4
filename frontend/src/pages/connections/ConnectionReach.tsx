import type { ConnectionDetail } from '@sluice/shared/api';
import { IconRoute } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { plural } from '../../lib/format-count.js';
import { now } from '../../lib/now.js';
import { Code } from '../../ui/Code.js';
import { PanelPart } from '../../ui/SidePanel.js';
import { Time } from '../../ui/Time.js';
import classes from './Connections.module.css';

/** How far its secret goes: the flows that use it, and the hosts, with those that are taken for down. */
export function ConnectionReach({ detail }: { detail: ConnectionDetail }) {
  const { usedBy, uses, pauses } = detail;
  const hosts = [...new Set([...detail.hosts, ...uses.map(({ host }) => host)])].filter((host) => host !== '');
  const flows = new Set(usedBy.map(({ flow }) => flow)).size;
  const called = (host: string) => uses.some((use) => use.host === host);
  return (
    <PanelPart
      title="Reach"
      aside={`${plural(flows, 'flow')} in ${detail.environment}, ${plural(hosts.length, 'host')}`}
    >
      {flows === 0 && <p className="voice-3">No deployment binds it.</p>}
      <ul className={classes.list}>
        {usedBy.map((use) => (
          <li key={`${use.flow} ${use.slot}`}>
            <Link to="/flows/$flowId" params={{ flowId: use.flow }}>
              <IconRoute size={14} stroke={2} aria-hidden /> {use.name}
            </Link>
            <span className="label">
              as slot <Code plain>{use.slot}</Code>
            </span>
          </li>
        ))}
        {hosts.map((host) => {
          const pauseOf = (kind: string) => pauses.find((each) => each.host === host && each.kind === kind);
          const pause = pauseOf('down');
          const held = pauseOf('retries');
          return (
            <li key={host}>
              <div className={classes.row}>
                <span className={classes.grow}>
                  <Code plain>{host}</Code>
                </span>
                {pause ? (
                  <span className={classes.past}>taken for down</span>
                ) : (
                  <span className="voice-3">{called(host) ? 'calls pass' : 'not called'}</span>
                )}
              </div>
              {pause && (
                <span className="label">
                  {plural(pause.calls, 'call')} failed in a row:{' '}
                  {new Date(pause.until) > now() ? (
                    <>
                      none goes out before <Time at={pause.until} />, then one looks
                    </>
                  ) : (
                    'the next one looks whether it is back'
                  )}
                </span>
              )}
              {held && (
                <span className="label">
                  {plural(held.calls, 'call')} that failed before {held.calls === 1 ? 'waits' : 'wait'} until{' '}
                  <Time at={held.until} /> or later: a service in trouble gets only some of them again
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </PanelPart>
  );
}
