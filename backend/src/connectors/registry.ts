import { hash } from 'node:crypto';
import { type Catalogue, type Connector, connectorText, describeConnector } from '@sluice/shared/connector';
import { connector as http } from './http/index.js';
import { connector as hubspot } from './hubspot/index.js';
import { connector as manual } from './manual/index.js';
import { connector as schedule } from './schedule/index.js';
import { connector as smtp } from './smtp/index.js';
import { connector as stripe } from './stripe/index.js';
import { connector as webhook } from './webhook/index.js';

/** Every built-in connector by id. A new one is added here by hand. No prototype: an id such as `constructor` finds nothing. */
export const connectors: Readonly<Record<string, Connector>> = Object.assign(Object.create(null), {
  http,
  hubspot,
  manual,
  schedule,
  smtp,
  stripe,
  webhook,
});

/** The same as data: what flows are checked against and what the palette shows. */
export const catalogue: Catalogue = Object.assign(
  Object.create(null),
  Object.fromEntries(Object.entries(connectors).map(([id, connector]) => [id, describeConnector(connector)])),
);

const known = new WeakMap<Connector, string>();

/** `sha256:` over what an approval of the connector stands on: one that changes asks for new approvals. */
export function connectorVersion(connector: Connector): string {
  const found = known.get(connector);
  if (found !== undefined) return found;
  const version = `sha256:${hash('sha256', connectorText(describeConnector(connector)))}`;
  known.set(connector, version);
  return version;
}
