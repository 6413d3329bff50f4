import type { Catalogue, ConnectorDescription } from '@sluice/shared/connector';

export function catalogueOf(connectors: readonly ConnectorDescription[]): Catalogue {
  return Object.fromEntries(connectors.map((connector) => [connector.id, connector]));
}
