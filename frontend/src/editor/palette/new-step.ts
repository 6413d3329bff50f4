import { everyStep, type FlowDocument, type Step } from '@sluice/shared/flow';
import { retryBy } from '../panel/retry-by.js';
import type { PaletteEntry, PlainKind } from './palette-entries.js';

type Entry = Exclude<PaletteEntry, { makes: 'trigger' }>;

/** The step that an entry of the palette makes, and the slots that it needs and the flow doesn't have. */
export function newStep(
  document: FlowDocument,
  entry: Entry,
): { step: Step; slots: { name: string; slot: { connector: string } }[] } {
  if (entry.makes === 'compute') {
    const { connector, computation, title: name } = entry;
    // `csv` reads better in an expression than `parse`.
    const id = freeId(document, connector);
    return { step: { id, name, kind: 'compute', connector, computation, input: {}, onError: 'fail' }, slots: [] };
  }
  if (entry.makes !== 'action') {
    return {
      step: plainStep(entry.makes, { id: freeId(document, idBases[entry.makes]), name: entry.title }),
      slots: [],
    };
  }
  const known = Object.entries(document.slots).find(([, slot]) => slot.connector === entry.connector)?.[0];
  const slot = known ?? newSlotName(document, entry.connector);
  const id = freeId(document, entry.action.split('.').at(-1) ?? 'step');
  const step: Step = {
    id,
    name: entry.title,
    kind: 'action',
    slot,
    action: entry.action,
    input: {},
    onError: 'fail',
    ...(entry.pauses && { retry: retryBy(entry.pauses) }),
  };
  return { step, slots: known === undefined ? [{ name: slot, slot: { connector: entry.connector } }] : [] };
}

const idBases = {
  transform: 'map',
  filter: 'filter',
  branch: 'branch',
  wait: 'wait',
  respond: 'respond',
  stop: 'stop',
  forEach: 'each',
  repeat: 'repeat',
  approval: 'approval',
  callback: 'answer',
  subflow: 'flow',
  state: 'state',
  code: 'code',
} as const satisfies Record<PlainKind, string>;

const week = 604_800;

function plainStep(kind: PlainKind, { id, name }: { id: string; name: string }): Step {
  switch (kind) {
    case 'transform':
      return { id, name, kind, input: {} };
    case 'filter':
      return { id, name, kind, when: true };
    case 'branch':
      return { id, name, kind, cases: [{ port: 'yes', when: true }] };
    case 'wait':
      return { id, name, kind, seconds: 60 };
    case 'respond':
      return { id, name, kind, status: 200, headers: {} };
    case 'stop':
      return { id, name, kind, outcome: 'succeeded' };
    case 'forEach':
      return { ...emptyLoop(id, name), kind, items: { $: '[]' }, concurrency: 1, onItemError: 'fail' };
    case 'repeat':
      return { ...emptyLoop(id, name), kind, until: { $: 'true' }, maxPasses: 100 };
    case 'approval':
      return {
        id,
        name,
        kind,
        question: '',
        details: {},
        deciders: ['approver', 'admin', 'owner'],
        timeoutSeconds: week,
        onTimeout: 'refuse',
      };
    case 'callback':
      return { id, name, kind, timeoutSeconds: week, onError: 'fail' };
    case 'subflow':
      return { id, name, kind, flow: '', input: {}, wait: true, onError: 'fail' };
    case 'state':
      return { id, name, kind, operation: 'get', key: '', onError: 'fail' };
    case 'code':
      return { id, name, kind, source: 'return input;', input: {}, onError: 'fail' };
  }
}

function emptyLoop(id: string, name: string) {
  return { id, name, onError: 'fail' as const, steps: [], edges: [] };
}

/** `crm` for HubSpot, `mail` for a mail server; else the connector's own name. */
const slotNames: Readonly<Record<string, string>> = {
  hubspot: 'crm',
  smtp: 'mail',
  stripe: 'payments',
  http: 'api',
  sftp: 'archive',
  imap: 'mailbox',
};

export function newSlotName(document: FlowDocument, connector: string): string {
  const base = slotNames[connector] ?? plainName(connector);
  return freeName(base, (name) => document.slots[name] !== undefined);
}

/** An id that no step has: the base, or `base_2`, `base_3`. */
export function freeId(document: FlowDocument, base: string): string {
  const taken = new Set([...everyStep(document)].map((step) => step.id));
  return freeName(plainName(base), (name) => taken.has(name));
}

function freeName(base: string, isTaken: (name: string) => boolean): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base}_${number}`;
    if (!isTaken(name)) return name;
  }
}

function plainName(text: string): string {
  const name = text.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^[^A-Za-z]+/, '');
  return name === '' ? 'step' : name.slice(0, 56);
}
