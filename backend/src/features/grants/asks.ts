import { hash } from 'node:crypto';
import type { Allowance } from '@sluice/shared/api';
import { canonicalJson } from '@sluice/shared/audit';
import type { Catalogue } from '@sluice/shared/connector';
import { everyStep, type FlowDocument, type Manifest } from '@sluice/shared/flow';

export const allowanceKinds = ['scopes', 'hosts', 'calls', 'fields'] as const;
export type AllowanceKind = (typeof allowanceKinds)[number];

/** What a slot of a version needs, with the steps that need it by `useKey`. */
export interface Asks extends Allowance {
  steps: Record<string, string[]>;
}

export function useKey(kind: AllowanceKind, value: string): string {
  return `${kind} ${value}`;
}

/** Of a slot that the manifest names. `connectionHosts` are those of the bound connection. */
export function asksOf(
  version: { document: FlowDocument; manifest: Manifest },
  slot: string,
  { connectionHosts, catalogue }: { connectionHosts: readonly string[]; catalogue: Catalogue },
): Asks {
  const need = version.manifest.slots[slot];
  if (need === undefined) throw new Error(`The manifest has no slot ${slot}`);
  const hosts = need.hosts === 'connection' ? [...connectionHosts].sort() : need.hosts;
  const sent = version.manifest.sends.filter((send) => send.slot === slot);
  const uses = [
    ...usesOf(version.document, need, catalogue),
    ...hosts.flatMap((host) => need.steps.map((step) => ({ key: useKey('hosts', host), step }))),
    ...sent.flatMap(({ step, fields }) => fields.map((field) => ({ key: useKey('fields', fieldName(field)), step }))),
  ];
  const byKey = Map.groupBy(uses, ({ key }) => key);
  return {
    scopes: need.scopes,
    hosts,
    calls: need.calls,
    fields: [...new Set(sent.flatMap(({ fields }) => fields.map(fieldName)))].sort(),
    steps: Object.fromEntries([...byKey].map(([key, used]) => [key, [...new Set(used.map(({ step }) => step))]])),
  };
}

/** `personal:email`: a field that changes its class is another field to an approver. */
export function fieldName(field: { field: string; class: string }): string {
  return `${field.class}:${field.field}`;
}

/** What an approval binds: any other version, connection, place or need has another hash. */
export function grantHash(
  bound: { flow: string; version: string; environment: string; slot: string; connector: string; connection: string },
  { scopes, hosts, calls, fields }: Allowance,
): string {
  return `sha256:${hash('sha256', canonicalJson({ ...bound, scopes, hosts, calls, fields }))}`;
}

/** Whether all that is asked for is allowed already. */
export function covers(allows: Allowance, asks: Allowance): boolean {
  return allowanceKinds.every((kind) => asks[kind].every((value) => allows[kind].includes(value)));
}

function usesOf(
  document: FlowDocument,
  need: Manifest['slots'][string],
  catalogue: Catalogue,
): { key: string; step: string }[] {
  const connector = catalogue[need.connector];
  const users = [...everyStep(document)].filter((step) => need.steps.includes(step.id));
  return users.flatMap((step) => {
    const action = step.kind === 'action' ? connector?.actions.find(({ id }) => id === step.action) : undefined;
    const trigger = step.kind === 'trigger' ? connector?.triggers.find(({ id }) => id === step.trigger) : undefined;
    const scopes = (action ?? trigger)?.scopes ?? [];
    const calls = action === undefined ? [] : [`${action.method} ${action.path}`];
    return [
      ...scopes.map((scope) => ({ key: useKey('scopes', scope), step: step.id })),
      ...calls.map((call) => ({ key: useKey('calls', call), step: step.id })),
    ];
  });
}
