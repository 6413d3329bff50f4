import type { Allowance } from '@sluice/shared/api';
import { type Catalogue, repliesOf } from '@sluice/shared/connector';
import { actionOf, callOf, everyStep, type FlowDocument, type Manifest, sentFieldName } from '@sluice/shared/flow';

export const allowanceKinds = ['scopes', 'hosts', 'calls', 'fields', 'replies'] as const;
export type AllowanceKind = (typeof allowanceKinds)[number];

/** An allowance, made kind by kind. */
export function allowanceOf(valuesOf: (kind: AllowanceKind) => string[]): Allowance {
  const [scopes, hosts, calls, fields, replies] = [
    valuesOf('scopes'),
    valuesOf('hosts'),
    valuesOf('calls'),
    valuesOf('fields'),
    valuesOf('replies'),
  ];
  return { scopes, hosts, calls, fields, replies };
}

/** What a slot of a version needs, with the steps that need it by `useKey`. */
export interface Asks extends Allowance {
  steps: Record<string, string[]>;
  /** What each field is filled from in the end, and what is written into those that say to whom data goes. */
  sources?: Record<string, string[]>;
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
    ...sent.flatMap(({ step, fields }) =>
      fields.map((field) => ({ key: useKey('fields', sentFieldName(field)), step })),
    ),
  ];
  const byKey = Map.groupBy(uses, ({ key }) => key);
  return {
    scopes: need.scopes,
    hosts,
    calls: need.calls,
    fields: [...new Set(sent.flatMap(({ fields }) => fields.map(sentFieldName)))].sort(),
    replies: [...byKey.keys()].flatMap((key) => (key.startsWith('replies ') ? [key.slice(8)] : [])).sort(),
    sources: sourcesOf(sent),
    steps: Object.fromEntries([...byKey].map(([key, used]) => [key, [...new Set(used.map(({ step }) => step))]])),
  };
}

/** Whether all that is asked for is allowed already. */
export function covers(allows: Allowance, asks: Allowance): boolean {
  return allowanceKinds.every((kind) => asks[kind].every((value) => allows[kind].includes(value)));
}

/** Whether no field is filled from anything that was not seen when `seen` was approved. */
export function isFilledAsBefore(seen: Asks, asks: Asks): boolean {
  return Object.entries(asks.sources ?? {}).every(([field, sources]) =>
    sources.every((source) => seen.sources?.[field]?.includes(source)),
  );
}

function sourcesOf(sent: Manifest['sends']): Record<string, string[]> {
  const byField = Map.groupBy(
    sent.flatMap(({ fields }) => fields),
    sentFieldName,
  );
  return Object.fromEntries(
    [...byField].map(([name, fields]) => [
      name,
      [...new Set(fields.flatMap(({ origins, written }) => [...origins, ...written.map((text) => `=${text}`)]))].sort(),
    ]),
  );
}

function usesOf(
  document: FlowDocument,
  need: Manifest['slots'][string],
  catalogue: Catalogue,
): { key: string; step: string }[] {
  const connector = catalogue[need.connector];
  const users = [...everyStep(document)].filter((step) => need.steps.includes(step.id));
  return users.flatMap((step) => {
    if (step.kind !== 'action' && step.kind !== 'trigger') return [];
    const action = actionOf(step, connector);
    const trigger = step.kind === 'trigger' ? connector?.triggers.find(({ id }) => id === step.trigger) : undefined;
    const scopes = (trigger ?? action)?.scopes ?? [];
    const calls = action === undefined ? [] : [callOf(step, action)];
    const replies = action === undefined ? [] : repliesOf(action);
    return [
      ...scopes.map((scope) => ({ key: useKey('scopes', scope), step: step.id })),
      ...calls.map((call) => ({ key: useKey('calls', call), step: step.id })),
      ...replies.map((field) => ({ key: useKey('replies', field), step: step.id })),
    ];
  });
}
