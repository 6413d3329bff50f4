import type { Catalogue } from '@sluice/shared/connector';
import {
  containersAround,
  type Edge,
  findStep,
  type FlowDocument,
  type Graph,
  isContainer,
  type Operation,
  portOf,
  portsOf,
  slotOfTrigger,
  type Step,
} from '@sluice/shared/flow';
import type { Json } from '@sluice/shared/lib';
import { emptyFrame, stepSize } from '../canvas/frame.js';
import { placesOf, snap } from '../canvas/layout.js';
import { placeSteps } from '../canvas/place-steps.js';
import { freePlace, placeBelow, type PlacedLevel, placeOnWire } from './free-place.js';
import { freeId, newSlotName, newStep } from './new-step.js';
import type { PaletteEntry } from './palette-entries.js';

type TriggerEntry = Extract<PaletteEntry, { makes: 'trigger' }>;

interface After {
  step: string;
  port?: string | undefined;
}

/** Where a new step goes: after a step (by a port), onto a wire, or to a place; nowhere said means after the last step. */
export interface Place {
  after?: After | undefined;
  onWire?: Edge | undefined;
  at?: readonly [number, number] | undefined;
  /** The container to put it in, whose corner `at` counts from. */
  inside?: string | undefined;
}

export interface Addition {
  operations: Operation[];
  /** The id of the new step. */
  step: string;
}

/** With a step selected a new one goes after it, with an open loop selected into that. */
export function placeBySelection(of: {
  document: FlowDocument;
  selection: readonly string[];
  folded: ReadonlySet<string>;
}): Place {
  const step = of.selection.map((id) => findStep(of.document, id)).find((found) => found !== undefined);
  if (step === undefined) return {};
  return isContainer(step) && !of.folded.has(step.id) ? { inside: step.id } : { after: { step: step.id } };
}

/** The operations that put one more step into the flow, with its slot and its wires. Pure. */
export function planAddition(
  document: FlowDocument,
  entry: PaletteEntry,
  { place = {}, catalogue }: { place?: Place; catalogue: Catalogue },
): Addition {
  if (entry.makes === 'trigger') return planTrigger(document, entry, { place, catalogue });
  const { step, slots } = newStep(document, entry);
  const size = isContainer(step) ? emptyFrame : stepSize;
  const opening = slots.map((slot): Operation => ({ kind: 'set-slot', ...slot }));
  const level = levelFor(document, place);
  const after = place.onWire || place.at ? place.after : (place.after ?? lastStep(level.graph));
  const wire = place.onWire ?? (after && !place.at ? wireToOpen(level.graph, after) : undefined);
  if (wire !== undefined) {
    const { at, shifted } = placeOnWire(level, wire, size);
    const insert: Operation = { kind: 'insert-on-edge', edge: wire, step, at };
    const moved: Operation[] = Object.keys(shifted).length > 0 ? [{ kind: 'move-steps', to: shifted }] : [];
    return { operations: [...opening, ...moved, insert], step: step.id };
  }
  const at = freePlace(level, place.at ?? placeBelow(level, after?.step, size), size);
  const add: Operation = { kind: 'add-step', step, at, ...(level.id !== null && { inside: level.id }) };
  const port = after && freePort(level.graph, after);
  const joining: Operation[] =
    after && port
      ? [{ kind: 'connect', edge: { from: after.step, to: step.id, ...(port !== 'next' && { port }) } }]
      : [];
  return { operations: [...opening, add, ...joining], step: step.id };
}

function levelFor(document: FlowDocument, place: Place): PlacedLevel {
  const beside = place.after?.step ?? place.onWire?.from;
  const named = place.inside === undefined ? undefined : findStep(document, place.inside);
  const around = beside === undefined ? named : containersAround(document, beside).at(-1);
  const container = around !== undefined && isContainer(around) ? around : null;
  return { id: container?.id ?? null, graph: container ?? document, placed: placeSteps(document) };
}

/** A flow starts with one trigger: another takes the place and the wires of the one before. */
function planTrigger(
  document: FlowDocument,
  entry: TriggerEntry,
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
  const opening = slotFor(document, entry, catalogue);
  const places = placesOf(document);
  if (before !== undefined) {
    const at = places[before.id] ?? [0, 0];
    const wires = document.edges.filter((edge) => edge.from === before.id);
    return {
      operations: [
        ...opening,
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
  return {
    operations: [...opening, { kind: 'add-step', step, at: [snap(at[0]), snap(at[1])] }, ...joining],
    step: id,
  };
}

/** The slot through which a trigger looks for news, where the flow has none yet. */
function slotFor(document: FlowDocument, { connector, trigger }: TriggerEntry, catalogue: Catalogue): Operation[] {
  const asks = catalogue[connector]?.triggers.find(({ id }) => id === trigger)?.asks;
  if (asks === undefined || slotOfTrigger(document, { connector }) !== null) return [];
  return [{ kind: 'set-slot', name: newSlotName(document, connector), slot: { connector } }];
}

function defaultsOf(entry: TriggerEntry, catalogue: Catalogue): Record<string, Json> {
  const scheme = catalogue[entry.connector]?.triggers.find(({ id }) => id === entry.trigger)?.scheme;
  // Nobody waits for an answer of what begins by itself.
  if (scheme === 'manual' || scheme === 'poll' || scheme === 'schedule') return {};
  return scheme === 'from-config' ? { scheme: 'standard-webhooks', respond: 'accepted' } : { respond: 'accepted' };
}

function lastStep({ steps, edges }: Graph): After | undefined {
  const leading = new Set(edges.map(({ from }) => from));
  const last = steps.findLast((step) => !leading.has(step.id) && portsOf(step).length > 0);
  return last && { step: last.id };
}

/** The one wire that goes on from here: the new step goes between. */
function wireToOpen({ steps, edges }: Graph, after: After): Edge | undefined {
  const step = steps.find(({ id }) => id === after.step);
  const port = after.port ?? 'next';
  if (step === undefined || !portsOf({ ...step, disabled: false }).includes(port)) return undefined;
  const wires = edges.filter((edge) => edge.from === after.step && portOf(edge) === port);
  return wires.length === 1 ? wires[0] : undefined;
}

function freePort({ steps, edges }: Graph, after: After): string | undefined {
  if (after.port !== undefined) return after.port;
  const step = steps.find(({ id }) => id === after.step);
  const ports = step === undefined ? [] : portsOf({ ...step, disabled: false });
  const used = new Set(edges.filter((edge) => edge.from === after.step).map(portOf));
  return ports.find((port) => !used.has(port) && port !== 'error') ?? ports[0];
}
