import { z } from 'zod';
import {
  type FlowDocument,
  flowDocumentSchema,
  type Group,
  isContainer,
  type Step,
  stepIdSchema,
} from '../document.js';
import { everyStep } from '../graph.js';
import { renameReferences } from '../rename-references.js';
import { addStep } from './add-step.js';
import { connect } from './connect.js';

const { slots, steps, edges, layout, groups } = flowDocumentSchema.shape;

/** Steps copied from this flow or another, with the edges between them, their places, groups and the slots they use. */
export const pasteStepsSchema = z.strictObject({
  kind: z.literal('paste-steps'),
  slots,
  steps,
  edges,
  layout,
  /** Left out of what is put into a container. */
  groups: groups.unwrap().optional(),
  /** The container to put them in; the flow itself unless named. */
  inside: stepIdSchema.optional(),
});
type PasteSteps = z.output<typeof pasteStepsSchema>;

/**
 * Ids that are taken get a number (`clean_2`), and what was pasted with them follows. A slot is shared with the flow
 * where it means the same connector. Edges and places of steps that were not pasted along are left out.
 */
export function pasteSteps(document: FlowDocument, pasted: PasteSteps): FlowDocument {
  const ids = newNames(
    [...everyStep(document)].map((step) => step.id),
    [...everyStep(pasted)].map((step) => step.id),
  );
  const slotNames = newSlotNames(document, pasted);
  const inside = new Set(pasted.steps.map((step) => step.id));
  const start = {
    ...document,
    slots: { ...document.slots, ...renamedKeys(pasted.slots, slotNames) },
    layout: { ...document.layout, ...renamedKeys(pasted.layout, ids) },
  };
  const withSteps = pasted.steps.reduce((flow, step) => {
    const copy = renameReferences(renamed(step, ids, slotNames), ids);
    return addStep(flow, { kind: 'add-step', step: copy, inside: pasted.inside });
  }, start);
  const withEdges = pasted.edges
    .filter((edge) => inside.has(edge.from) && inside.has(edge.to))
    .reduce((flow, edge) => connect(flow, { kind: 'connect', edge: renamedEnds(edge, ids) }), withSteps);
  return pasted.inside === undefined ? withGroups(withEdges, pasted, ids) : withEdges;
}

function withGroups(document: FlowDocument, pasted: PasteSteps, ids: Names): FlowDocument {
  const roots = new Set(pasted.steps.map(({ id }) => id));
  const all: readonly Group[] = pasted.groups ?? [];
  const names = newNames(
    document.groups.map(({ id }) => id),
    all.map(({ id }) => id),
  );
  const groups = all.map((group) => ({
    ...group,
    id: names.get(group.id) ?? group.id,
    steps: group.steps.flatMap((id) => (roots.has(id) ? (ids.get(id) ?? []) : [])),
  }));
  return { ...document, groups: [...document.groups, ...groups.filter((group) => group.steps.length > 0)] };
}

type Names = ReadonlyMap<string, string>;

/** A free name for each wanted one: itself, or the first of `name_2`, `name_3`, ... */
function newNames(taken: readonly string[], wanted: readonly string[]): Names {
  const used = new Set(taken);
  const names = new Map<string, string>();
  for (const name of new Set(wanted)) {
    let free = name;
    for (let number = 2; used.has(free); number += 1) free = `${name.slice(0, 58)}_${number}`;
    used.add(free);
    names.set(name, free);
  }
  return names;
}

function newSlotNames(document: FlowDocument, pasted: PasteSteps): Names {
  const isShared = ([name, slot]: [string, { connector: string }]) =>
    Object.hasOwn(document.slots, name) && document.slots[name]?.connector === slot.connector;
  const all = Object.entries(pasted.slots);
  const own = all.filter((entry) => !isShared(entry)).map(([name]) => name);
  return new Map([...all.map(([name]) => [name, name] as const), ...newNames(Object.keys(document.slots), own)]);
}

function renamed(step: Step, ids: Names, slotNames: Names): Step {
  const id = ids.get(step.id) ?? step.id;
  if (step.kind === 'action') return { ...step, id, slot: slotNames.get(step.slot) ?? step.slot };
  if (!isContainer(step)) return { ...step, id };
  return {
    ...step,
    id,
    steps: step.steps.map((inner) => renamed(inner, ids, slotNames)),
    edges: step.edges.map((edge) => renamedEnds(edge, ids)),
  };
}

function renamedEnds<Ends extends { from: string; to: string }>(edge: Ends, ids: Names): Ends {
  return { ...edge, from: ids.get(edge.from) ?? edge.from, to: ids.get(edge.to) ?? edge.to };
}

function renamedKeys<Value>(record: Readonly<Record<string, Value>>, names: Names): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([key, value]) => {
      const name = names.get(key);
      return name === undefined ? [] : [[name, value]];
    }),
  );
}
