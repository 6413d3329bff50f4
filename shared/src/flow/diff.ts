import { canonicalJson } from '../lib/canonical-json.js';
import { type Edge, type FlowDocument, isContainer } from './document.js';
import { everyStep, portOf } from './graph.js';
import { isFields } from './step-mappings.js';

export interface DocumentDiff {
  steps: {
    /** Ids. */
    added: string[];
    removed: string[];
    /** `input.email` for a field of the input, else the part of the step: `retry`, `when`, `name`. */
    changed: { id: string; fields: string[] }[];
  };
  edges: { added: Edge[]; removed: Edge[] };
  /** Names. */
  slots: { added: string[]; removed: string[]; changed: string[] };
  /** Names of the settings that differ. */
  settings: string[];
}

/** What is different in `after`, by meaning: layout, notes and groups don't count. Steps and edges inside containers do. */
export function diffDocuments(before: FlowDocument, after: FlowDocument): DocumentDiff {
  const [stepsBefore, stepsAfter] = [stepsOf(before), stepsOf(after)];
  const [edgesBefore, edgesAfter] = [edgesOf(before), edgesOf(after)];
  const ids = compareMembers(stepsBefore, stepsAfter);
  const edges = compareMembers(edgesBefore, edgesAfter);
  const settings = compareMembers(before.settings, after.settings);
  return {
    steps: {
      added: ids.added,
      removed: ids.removed,
      changed: ids.changed.map((id) => ({ id, fields: changedFields(stepsBefore[id], stepsAfter[id]) })),
    },
    edges: {
      added: edges.added.flatMap((key) => edgesAfter[key] ?? []),
      removed: edges.removed.flatMap((key) => edgesBefore[key] ?? []),
    },
    slots: compareMembers(before.slots, after.slots),
    settings: [...settings.added, ...settings.removed, ...settings.changed],
  };
}

/** Steps without those inside of them, which are compared for themselves, and with the container they are in. */
function stepsOf(document: FlowDocument): Record<string, object> {
  const all = [...everyStep(document)];
  const insides = new Map(
    all.flatMap((step) => (isContainer(step) ? step.steps.map((inner) => [inner.id, step.id] as const) : [])),
  );
  return Object.fromEntries(
    all.map((step) => [step.id, { ...step, steps: undefined, edges: undefined, inside: insides.get(step.id) }]),
  );
}

function edgesOf(document: FlowDocument): Record<string, Edge> {
  const all = [...document.edges, ...[...everyStep(document)].flatMap((step) => (isContainer(step) ? step.edges : []))];
  return Object.fromEntries(
    all.map((edge) => [`${edge.from}:${portOf(edge)}->${edge.to}`, { ...edge, port: portOf(edge) }]),
  );
}

function changedFields(before: object | undefined, after: object | undefined): string[] {
  const parts = compareMembers(before ?? {}, after ?? {});
  return [...parts.added, ...parts.removed, ...parts.changed].flatMap((part) => {
    const [one, other] = [Reflect.get(before ?? {}, part), Reflect.get(after ?? {}, part)];
    if (
      !isFields(one) ||
      !isFields(other) ||
      (part !== 'input' && part !== 'headers' && part !== 'details' && part !== 'config')
    )
      return [part];
    const fields = compareMembers(one, other);
    return [...fields.added, ...fields.removed, ...fields.changed].map((field) => `${part}.${field}`);
  });
}

function compareMembers(before: object, after: object): { added: string[]; removed: string[]; changed: string[] } {
  const [had, has] = [membersOf(before), membersOf(after)];
  return {
    added: [...has.keys()].filter((key) => !had.has(key)),
    removed: [...had.keys()].filter((key) => !has.has(key)),
    changed: [...has.keys()].filter((key) => had.has(key) && !isSame(had.get(key), has.get(key))),
  };
}

function membersOf(value: object): Map<string, unknown> {
  return new Map(Object.entries(value).filter(([, member]) => member !== undefined));
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || canonicalJson({ value: one }) === canonicalJson({ value: other });
}
