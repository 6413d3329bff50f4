import type { HighRisk } from '@sluice/shared/api';
import type { ConnectorDescription } from '@sluice/shared/connector';
import { everyStep, type FlowDocument, isContainer } from '@sluice/shared/flow';
import { type Asks, useKey } from './asks.js';

const personal = new Set(['personal', 'payment', 'health', 'secret']);

/**
 * What makes a request need a second approver: it moves money, it may carry many people's records (a scope for bulk work,
 * or a person's field sent from inside a loop), it reaches a host that nobody here approved before, or it asks for
 * everything of a kind.
 */
export function highRiskOf(
  asks: Asks,
  {
    document,
    connector,
    knownHosts,
  }: { document: FlowDocument; connector: ConnectorDescription | undefined; knownHosts: readonly string[] },
): HighRisk[] {
  const scopes = asks.scopes.flatMap((name) => connector?.scopes[name] ?? []);
  const risks: [HighRisk, boolean][] = [
    ['money', scopes.some(({ risk }) => risk === 'money')],
    ['bulk', scopes.some(({ risk }) => risk === 'bulk') || sendsManyRecords(asks, document)],
    ['new-vendor', asks.hosts.some((host) => !knownHosts.includes(host))],
    [
      'wildcard',
      [...asks.scopes, ...scopes.flatMap(({ vendor }) => vendor), ...asks.hosts].some((name) => name.includes('*')),
    ],
  ];
  return risks.flatMap(([risk, is]) => (is ? [risk] : []));
}

function sendsManyRecords(asks: Asks, document: FlowDocument): boolean {
  const looped = new Set(
    [...everyStep(document)].filter(isContainer).flatMap((loop) => [...everyStep(loop)].map(({ id }) => id)),
  );
  return asks.fields.some(
    (field) =>
      personal.has(field.slice(0, field.indexOf(':'))) &&
      (asks.steps[useKey('fields', field)] ?? []).some((step) => looped.has(step)),
  );
}
