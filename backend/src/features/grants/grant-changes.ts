import type { Allowance, Grant } from '@sluice/shared/api';
import { type ConnectorDescription, type Risk as ScopeRisk, wholeReply } from '@sluice/shared/connector';
import { type AllowanceKind, allowanceKinds, allowanceOf, type Asks, useKey } from './asks.js';

export type GrantChange = Grant['changes'][number];
type Risk = Grant['risk'];

const risks: readonly Risk[] = ['critical', 'high', 'medium', 'low'];
const riskOfScope: Readonly<Record<ScopeRisk, Risk>> = {
  read: 'low',
  write: 'medium',
  money: 'high',
  delete: 'high',
  bulk: 'critical',
};
const riskOfClass: ReadonlyMap<string, Risk> = new Map([
  ['payment', 'high'],
  ['health', 'high'],
  ['secret', 'high'],
  ['personal', 'medium'],
]);
const kinds = { scopes: 'scope', hosts: 'host', calls: 'call', fields: 'field', replies: 'reply' } as const;
const none = allowanceOf(() => []);

/** What a request changes against what is allowed now (null: nothing is): the riskiest first, what goes away last. */
export function changesOf(
  asks: Asks,
  allowed: Allowance | null,
  connector: ConnectorDescription | undefined,
): Pick<Grant, 'changes' | 'unchanged' | 'risk'> {
  const before = allowed ?? none;
  const wider = allowanceKinds.flatMap((kind) =>
    missing(asks[kind], before[kind]).map((value) => widerOf({ kind, value, asks, connector })),
  );
  const less = allowanceKinds.flatMap((kind) =>
    missing(before[kind], asks[kind]).map((value) => lessOf(kind, value, connector)),
  );
  wider.sort((one, other) => risks.indexOf(one.risk) - risks.indexOf(other.risk));
  const asked = allowanceKinds.reduce((sum, kind) => sum + asks[kind].length, 0);
  return { changes: [...wider, ...less], unchanged: asked - wider.length, risk: wider[0]?.risk ?? 'low' };
}

function missing(values: readonly string[], from: readonly string[]): string[] {
  return values.filter((value) => !from.includes(value));
}

interface Wider {
  kind: AllowanceKind;
  value: string;
  asks: Asks;
  connector: ConnectorDescription | undefined;
}

function widerOf({ kind, value, asks, connector }: Wider): GrantChange {
  const steps = asks.steps[useKey(kind, value)] ?? [];
  return {
    change: 'wider',
    kind: kinds[kind],
    value,
    title: widerTitle(kind, value, connector),
    risk: riskOf(kind, value, connector),
    steps,
  };
}

function lessOf(kind: AllowanceKind, value: string, connector: ConnectorDescription | undefined): GrantChange {
  return { change: 'less', kind: kinds[kind], value, title: lessTitle(kind, value, connector), risk: 'low', steps: [] };
}

function riskOf(kind: AllowanceKind, value: string, connector: ConnectorDescription | undefined): Risk {
  switch (kind) {
    case 'scopes': {
      const scope = connector?.scopes[value];
      // A scope that nobody describes is not a harmless one.
      return scope === undefined ? 'high' : riskOfScope[scope.risk];
    }
    case 'hosts':
      return 'medium';
    case 'calls':
      return /^(?:GET|HEAD|OPTIONS) /.test(value) ? 'low' : 'medium';
    case 'fields':
      return riskOfClass.get(classOf(value)) ?? 'low';
    case 'replies':
      return value === wholeReply ? 'medium' : 'low';
  }
}

function widerTitle(kind: AllowanceKind, value: string, connector: ConnectorDescription | undefined): string {
  switch (kind) {
    case 'scopes':
      return connector?.scopes[value]?.title ?? value;
    case 'hosts':
      return 'New host';
    case 'calls':
      return `Calls ${callInWords(value)}`;
    case 'fields':
      return `Sends field ${fieldInWords(value)}`;
    case 'replies':
      return `Takes in ${replyInWords(value)}`;
  }
}

function lessTitle(kind: AllowanceKind, value: string, connector: ConnectorDescription | undefined): string {
  switch (kind) {
    case 'scopes':
      return `No longer needed: ${connector?.scopes[value]?.title ?? value}`;
    case 'hosts':
      return 'Host no longer needed';
    case 'calls':
      return `No longer calls ${callInWords(value)}`;
    case 'fields':
      return `No longer sends field ${fieldInWords(value)}`;
    case 'replies':
      return `No longer takes in ${replyInWords(value)}`;
  }
}

function callInWords(call: string): string {
  return call === 'ANY /*' ? 'any path, by any method' : call;
}

function replyInWords(field: string): string {
  return field === wholeReply ? 'all of the answer' : `${field} of the answer`;
}

function classOf(field: string): string {
  return field.slice(0, field.indexOf(':'));
}

function fieldInWords(field: string): string {
  return `${field.slice(field.indexOf(':') + 1)} (${classOf(field)})`;
}
