import type { ConnectorDescription, Risk } from '@sluice/shared/connector';
import { IconExternalLink } from '@tabler/icons-react';
import { plural } from '../../lib/format-count.js';
import { Code } from '../../ui/Code.js';
import { ConnectorTile } from '../../ui/ConnectorTile.js';
import { PanelPart, SidePanel } from '../../ui/SidePanel.js';
import { authKindNames } from '../connections/connection-health.js';
import { LinkButton } from '../shell/LinkButton.js';
import classes from '../connections/Connections.module.css';

const risks: Record<Risk, string> = {
  read: 'reads',
  write: 'changes',
  money: 'moves or costs money',
  delete: 'deletes',
  bulk: 'reads much at once',
};

/** One service: what it may be asked for and where, and what a person does before the first connection. */
export function ConnectorPanel(props: { connector: ConnectorDescription; onClose: () => void }) {
  const { connector } = props;
  const { limits, hosts, setup, docs } = connector;
  return (
    <SidePanel label={connector.title} onClose={props.onClose}>
      <PanelPart>
        <div className={classes.head}>
          <ConnectorTile name={connector.id} size={32} />
          <div>
            <h2 className={classes.title}>{connector.title}</h2>
            <p className="voice-2">{connector.description}</p>
          </div>
        </div>
        {connector.actions.length > 0 && (
          <div className={classes.deeds}>
            <LinkButton to="/connections" search={{ connector: connector.id, add: connector.id }} variant="default">
              Add connection
            </LinkButton>
          </div>
        )}
      </PanelPart>
      {(setup.length > 0 || docs) && (
        <PanelPart title={setup.length > 0 ? 'Set up' : 'Read more'}>
          {setup.length > 0 && (
            <ol className={classes.steps}>
              {setup.map((step) => (
                <li key={step}>{step}</li>
              ))}
            </ol>
          )}
          {docs && (
            <a href={docs} target="_blank" rel="noreferrer">
              {hosts.length > 0 ? 'The vendor’s reference' : 'The standard'}{' '}
              <IconExternalLink size={13} stroke={2} aria-hidden />
            </a>
          )}
        </PanelPart>
      )}
      <PanelPart title="Scopes" aside={plural(Object.keys(connector.scopes).length, 'scope')}>
        {Object.keys(connector.scopes).length === 0 && <p className="voice-3">It needs none.</p>}
        <ul className={classes.list}>
          {Object.entries(connector.scopes).map(([id, scope]) => (
            <li key={id}>
              <strong>{scope.title}</strong>
              <span className="label">
                {risks[scope.risk]}; <Code plain>{id}</Code>
                {scope.vendor.length > 0 && <>, at the vendor {scope.vendor.join(', ')}</>}
              </span>
            </li>
          ))}
        </ul>
      </PanelPart>
      <PanelPart title="May talk to">
        {hosts !== 'connection' && hosts.length > 0 ? (
          <p className={classes.hosts}>{hosts.join(', ')}</p>
        ) : (
          <p>{hosts === 'connection' ? 'The hosts that its connection names.' : 'Nobody.'}</p>
        )}
        {connector.actions.length > 0 && (
          <p className="label">Proves itself with: {connector.auth.map((kind) => authKindNames[kind]).join(', ')}.</p>
        )}
        {limits && (
          <p className="label">
            A new connection makes {plural(limits.callsPerSecond, 'call')} a second, {limits.burst} at once.{' '}
            {limits.says}
          </p>
        )}
      </PanelPart>
      <PanelPart title={connector.computations.length > 0 ? 'Computes' : 'Actions and triggers'}>
        <ul className={classes.list}>
          {[...connector.triggers, ...connector.actions, ...connector.computations].map((each) => (
            <li key={each.id}>
              <strong>{each.title}</strong>
              <span className="label">{each.description}</span>
            </li>
          ))}
        </ul>
      </PanelPart>
    </SidePanel>
  );
}
