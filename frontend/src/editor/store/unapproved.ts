import type { Allowance, Grant } from '@sluice/shared/api';
import { type Catalogue, repliesOf, wholeReply } from '@sluice/shared/connector';
import {
  actionOf,
  callOf,
  everyStep,
  type FlowDocument,
  type Manifest,
  sentFieldName,
  type Step,
} from '@sluice/shared/flow';

/** A grant in force. */
type Given = Pick<Grant, 'environment' | 'slot' | 'connector' | 'connectorVersion' | 'allows'>;
type SlotNeeds = Manifest['slots'][string];

interface Drawn {
  document: FlowDocument;
  manifest: Manifest;
  catalogue: Catalogue;
}

/** What is drawn and not approved. */
export interface Unapproved {
  /** A sentence for each environment, by step. */
  readonly steps: ReadonlyMap<string, string>;
  readonly hosts: ReadonlySet<string>;
  /** `connector:scope`, as in the manifest. */
  readonly scopes: ReadonlySet<string>;
}

const nothing: Allowance = { scopes: [], hosts: [], calls: [], fields: [], replies: [] };

/**
 * What needs an approval that this flow's grants don't give, in environments that ask for approvals and where it has
 * grants already. Where it has none it has not been asked for yet, and deploying it asks for all of it. Which connection
 * it will be bound to, and so the hosts that one names, is not known while drawing.
 */
export function unapprovedOf(drawn: Drawn, grants: readonly Given[], guarded: readonly string[]): Unapproved {
  const steps = new Map<string, string>();
  const hosts = new Set<string>();
  const scopes = new Set<string>();
  const byId = new Map([...everyStep(drawn.document)].map((step) => [step.id, step]));
  for (const environment of guarded) {
    const given = grants.filter((grant) => grant.environment === environment);
    if (given.length === 0) continue;
    for (const [slot, needs] of Object.entries(drawn.manifest.slots)) {
      const grant = given.find((one) => one.slot === slot && one.connector === needs.connector);
      const allows = grant?.allows ?? nothing;
      const redeclared = grant !== undefined && needs.version !== undefined && grant.connectorVersion !== needs.version;
      for (const scope of needs.scopes) if (!allows.scopes.includes(scope)) scopes.add(`${needs.connector}:${scope}`);
      for (const host of fixedHosts(needs)) if (!allows.hosts.includes(host)) hosts.add(host);
      for (const id of needs.steps) {
        const step = byId.get(id);
        if (step === undefined) continue;
        const missing = [
          ...(redeclared ? [`what ${needs.connector} declares now`] : []),
          ...missingOf(needsOf(step, { ...drawn, needs }), allows),
        ];
        if (missing.length === 0) continue;
        const sentence = `${environment} has not approved ${missing.join(', ')}`;
        const before = steps.get(id);
        steps.set(id, before === undefined ? sentence : `${before}\n${sentence}`);
      }
    }
  }
  return { steps, hosts, scopes };
}

/** What one step needs of its slot, in the words of a grant. */
function needsOf(step: Step, { manifest, catalogue, needs }: Drawn & { needs: SlotNeeds }): Allowance {
  const hosts = [...fixedHosts(needs)];
  const connector = catalogue[needs.connector];
  if (step.kind !== 'action' && step.kind !== 'trigger') return { ...nothing, hosts };
  const action = actionOf(step, connector);
  const calls = action === undefined ? [] : [callOf(step, action)];
  if (step.kind === 'trigger') {
    const trigger = connector?.triggers.find(({ id }) => id === step.trigger);
    return {
      scopes: trigger?.scopes ?? [],
      hosts,
      calls,
      fields: [],
      replies: action === undefined ? [] : [...repliesOf(action)],
    };
  }
  if (action === undefined) return { ...nothing, hosts };
  const sent = manifest.sends.filter((send) => send.step === step.id).flatMap(({ fields }) => fields);
  return { scopes: action.scopes, hosts, calls, fields: sent.map(sentFieldName), replies: [...repliesOf(action)] };
}

function missingOf(wants: Allowance, allows: Allowance): string[] {
  const missing = (kind: keyof Allowance) => wants[kind].filter((one) => !allows[kind].includes(one));
  const calls = missing('calls');
  // What the answer to a call brings in is asked for with the call.
  const replies = calls.length === 0 ? missing('replies') : [];
  return [
    ...missing('scopes'),
    ...missing('hosts'),
    ...calls,
    ...missing('fields').map(fieldInWords),
    ...replies.map((one) => (one === wholeReply ? 'all of the answer' : `${one} of the answer`)),
  ];
}

/** `personal:email` as `email (personal)`. */
function fieldInWords(field: string): string {
  const at = field.indexOf(':');
  return `${field.slice(at + 1)} (${field.slice(0, at)})`;
}

function fixedHosts({ hosts }: SlotNeeds): readonly string[] {
  return hosts === 'connection' ? [] : hosts;
}
