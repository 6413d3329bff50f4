import type { KillSwitch } from '@sluice/shared/api';
import { ConnectorTile } from '../../ui/ConnectorTile.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { kindWords } from './kind-words.js';
import classes from './Incidents.module.css';

/** What a stop holds, drawn as it is elsewhere. */
export function TargetName(props: { target: KillSwitch['target'] }) {
  const { kind, id, name } = props.target;
  return (
    <div className={classes.target}>
      <span className="label">{kindWords[kind]}</span>
      {kind === 'connector' && <ConnectorTile name={id} size={20} />}
      {kind === 'environment' && <EnvironmentChip name={name} />}
      {kind === 'host' && <code>{name}</code>}
      {kind !== 'environment' && kind !== 'host' && <strong>{name}</strong>}
    </div>
  );
}
