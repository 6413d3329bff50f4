import { type Catalogue } from '@sluice/shared/connector';
import {
  type Edge,
  everyStep,
  type FlowDocument,
  type Operation,
  portOf,
  portsOf,
  type Step,
  stepsAfter,
} from '@sluice/shared/flow';
import type { Json } from '@sluice/shared/lib';
import { placesOf, snap, stepSize } from '../canvas/layout.js';
import type { PaletteEntry } from './palette-entries.js';

/** Where a new step goes: after a step (by a port), onto a wire, or to a place; nowhere said means after the last step. */
export interface Place {
  after?: { step: string; port?: string | undefined } | undefined;
  onWire?: Edge | undefined;
  at?: readonly [number, number] | undefined;
}

export interface Addition {
  operations: Operation[];
  /** The id of the new step. */
  step: string;
}

/** The operations that put one more step into the flow, with its slot and its wires. Pure. */
export function planAddition(
  document: FlowDocument,
  entry: PaletteEntry,
  { place = {}, catalogue }: { place?: Place; catalogue: Catalogue },
): Addition {
  if (entry.makes === 'trigger') return planTrigger(document, entry, { place, catalogue });
  const { step, slots } = newStep(document, entry);
  const opening = slots.map((slot): Operation => ({ kind: 'set-slot', ...slot }));
  const after = place.onWire || place.at ? place.after : (place.after ?? lastStep(document));
  const wire = place.onWire ?? (after && !place.at ? wireToOpen(document, after) : undefined);
  if (wire !== undefined) {
    const { at, shifted } = placeOnWire(document, wire);
    const insert: Operation = { kind: 'insert-on-edge', edge: wire, step, at };
    const moved: Operation[] = Object.keys(shifted).length > 0 ? [{ kind: 'move-steps', to: shifted }] : [];
    return { operations: [...opening, ...moved, insert], step: step.id };
  }
  const at = freePlace(document, place.at ?? belowOf(document, after?.step));
  const port = after && freePort(document, after);
  const joining: Operation[] =
    after && port
      ? [{ kind: 'connect', edge: { from: after.step, to: step.id, ...(port !== 'next' && { port }) } }]
      : [];
  return { operations: [...opening, { kind: 'add-step', step, at }, ...joining], step: step.id };
}

/** A flow starts with one trigger: another takes the place and the wires of the one before. */
function planTrigger(
  document: FlowDocument,
  entry: Extract<PaletteEntry, { makes: 'trigger' }>,
  { place, catalogue }: { place: Place; catalogue: Catalogue },
): Addition {
  const before = document.steps.find((step) => step.kind === 'trigger');
  const id = before?.id ?? freeId(document, 'start');
  const step: Step = {
    id,
    name: entry.title,
    kind: 'trigger',
    connector: entry.connector,
    trigger: entry.trigger,
    config: defaultsOf(entry, catalogue),
  };
  const places = placesOf(document);
  if (before !== undefined) {
    const at = places[before.id] ?? [0, 0];
    const wires = document.edges.filter((edge) => edge.from === before.id);
    return {
      operations: [
        { kind: 'remove-step', id },
        { kind: 'add-step', step, at: [at[0], at[1]] },
        ...wires.map((edge): Operation => ({ kind: 'connect', edge })),
      ],
      step: id,
    };
  }
  const heads = document.steps.filter((other) => !document.edges.some((edge) => edge.to === other.id));
  const top = Math.min(0, ...heads.map((head) => (places[head.id]?.[1] ?? 0) - 80));
  const at = place.at ?? [places[heads[0]?.id ?? '']?.[0] ?? 0, top];
  const [first] = heads;
  const joining: Operation[] =
    first && heads.length === 1 ? [{ kind: 'connect', edge: { from: id, to: first.id } }] : [];
  return { operations: [{ kind: 'add-step', step, at: [snap(at[0]), snap(at[1])] }, ...joining], step: id };
}

function defaultsOf(entry: Extract<PaletteEntry, { makes: 'trigger' }>, catalogue: Catalogue): Record<string, Json> {
  const scheme = catalogue[entry.connector]?.triggers.find(({ id }) => id === entry.trigger)?.scheme;
  if (scheme === 'manual') return {};
  return scheme === 'from-config' ? { scheme: 'standard-webhooks', respond: 'accepted' } : { respond: 'accepted' };
}

type Plain = Exclude<PaletteEntry, { makes: 'trigger' }>;

function newStep(
  document: FlowDocument,
  entry: Plain,
): { step: Step; slots: { name: string; slot: { connector: string } }[] } {
  if (entry.makes !== 'action') return { step: plainStep(freeId(document, idBases[entry.makes]), entry), slots: [] };
  const known = Object.entries(document.slots).find(([, slot]) => slot.connector === entry.connector)?.[0];
  const slot = known ?? newSlotName(document, entry.connector);
  const id = freeId(document, entry.action.split('.').at(-1) ?? 'step');
  const step: Step = { id, name: entry.title, kind: 'action', slot, action: entry.action, input: {}, onError: 'fail' };
  return { step, slots: known === undefined ? [{ name: slot, slot: { connector: entry.connector } }] : [] };
}

const idBases = {
  transform: 'map',
  filter: 'filter',
  branch: 'branch',
  wait: 'wait',
  respond: 'respond',
  stop: 'stop',
} as const;

function plainStep(id: string, entry: Exclude<Plain, { makes: 'action' }>): Step {
  switch (entry.makes) {
    case 'transform':
      return { id, kind: 'transform', name: entry.title, input: {} };
    case 'filter':
      return { id, kind: 'filter', name: entry.title, when: true };
    case 'branch':
      return { id, kind: 'branch', name: entry.title, cases: [{ port: 'yes', when: true }] };
    case 'wait':
      return { id, kind: 'wait', name: entry.title, seconds: 60 };
    case 'respond':
      return { id, kind: 'respond', name: entry.title, status: 200, headers: {} };
    case 'stop':
      return { id, kind: 'stop', name: entry.title, outcome: 'succeeded' };
  }
}

/** `crm` for HubSpot, `mail` for a mail server; else the connector's own name. */
const slotNames: Readonly<Record<string, string>> = {
  hubspot: 'crm',
  smtp: 'mail',
  stripe: 'payments',
  http: 'api',
  sftp: 'archive',
};

export function newSlotName(document: FlowDocument, connector: string): string {
  const base = slotNames[connector] ?? plainName(connector);
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base}_${number}`;
    if (document.slots[name] === undefined) return name;
  }
}

/** An id that no step has: the base, or `base_2`, `base_3`. */
export function freeId(document: FlowDocument, base: string): string {
  const taken = new Set([...everyStep(document)].map((step) => step.id));
  const plainBase = plainName(base);
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? plainBase : `${plainBase}_${number}`;
    if (!taken.has(id)) return id;
  }
}

function plainName(text: string): string {
  const name = text.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^[^A-Za-z]+/, '');
  return name === '' ? 'step' : name.slice(0, 56);
}

function lastStep(document: FlowDocument): { step: string } | undefined {
  const leading = new Set(document.edges.map(({ from }) => from));
  const last = document.steps.findLast((step) => !leading.has(step.id) && portsOf(step).length > 0);
  return last && { step: last.id };
}

/** The one wire that goes on from here: the new step goes between. */
function wireToOpen(document: FlowDocument, after: { step: string; port?: string | undefined }): Edge | undefined {
  const step = document.steps.find(({ id }) => id === after.step);
  if (step === undefined || (step.kind === 'branch' && after.port === undefined)) return undefined;
  const wires = document.edges.filter((edge) => edge.from === after.step && portOf(edge) === (after.port ?? 'next'));
  return wires.length === 1 ? wires[0] : undefined;
}

function freePort(document: FlowDocument, after: { step: string; port?: string | undefined }): string | undefined {
  if (after.port !== undefined) return after.port;
  const step = document.steps.find(({ id }) => id === after.step);
  const ports = step === undefined ? [] : portsOf({ ...step, disabled: false });
  const used = new Set(document.edges.filter((edge) => edge.from === after.step).map(portOf));
  return ports.find((port) => !used.has(port) && port !== 'error') ?? ports[0];
}

function belowOf(document: FlowDocument, stepId: string | undefined): readonly [number, number] {
  const [x, y] = placesOf(document)[stepId ?? ''] ?? [0, -80];
  const step = document.steps.find(({ id }) => id === stepId);
  return [x, y + (step !== undefined && portsOf(step).length > 1 ? 100 : 80)];
}

function freePlace(document: FlowDocument, wanted: readonly [number, number]): [number, number] {
  const taken = Object.values(placesOf(document));
  const at: [number, number] = [snap(wanted[0]), snap(wanted[1])];
  const isInTheWay = ([x, y]: readonly [number, number]) =>
    Math.abs(x - at[0]) < stepSize.width + 10 && Math.abs(y - at[1]) < stepSize.height + 10;
  for (let other = taken.find(isInTheWay); other !== undefined; other = taken.find(isInTheWay)) {
    at[0] = snap(other[0] + stepSize.width + 20);
  }
  return at;
}

/** Between the two ends; what comes after moves down where there is no room. */
function placeOnWire(
  document: FlowDocument,
  wire: Edge,
): { at: [number, number]; shifted: Record<string, [number, number]> } {
  const places = placesOf(document);
  const below = belowOf(document, wire.from);
  const [, toY] = places[wire.to] ?? [0, 0];
  const at: [number, number] = [snap(places[wire.to]?.[0] ?? below[0]), snap(below[1])];
  const missing = at[1] + 80 - toY;
  if (missing <= 0) return { at, shifted: {} };
  const following = [wire.to, ...stepsAfter(document, wire.to)];
  const shifted = following.flatMap((id): [string, [number, number]][] => {
    const [x, y] = places[id] ?? [0, 0];
    return y >= toY ? [[id, [x, snap(y + missing)]]] : [];
  });
  return { at, shifted: Object.fromEntries(shifted) };
}
