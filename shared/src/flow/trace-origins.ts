import { canonicalJson } from '../lib/canonical-json.js';
import type { Json } from '../lib/json.js';
import { isContainer, type FlowDocument, type Step } from './document.js';
import { readMapping } from './read-mapping.js';
import { innerMappingsOf, isExpression, mappingsOf } from './step-mappings.js';

/** Where the values of a mapping come from in the end. */
export interface Origins {
  /**
   * Paths of what the flow was given: `trigger.body.email`, `steps.contact.id` of a step that asked outside.
   */
  readonly paths: readonly string[];
  /** What is written on the way as text or computed: canonical JSON of each mapping that is more than a path. */
  readonly written: readonly string[];
}

/**
 * Follows mappings through the steps that only compute (transform, compute, code, loops) back to where data enters the flow. A part
 * of a value keeps its name on the way (`steps.map.customer.ssn` is `trigger.body.customer.ssn` when the map copies the
 * customer), so that another part is another origin.
 */
export function traceOrigins(document: Pick<FlowDocument, 'steps'>): (step: Step, value: Json) => Origins {
  const places = placesOf(document.steps);
  return (step, value) => {
    const found: Found = { paths: new Set(), written: new Set(), seen: new Set() };
    follow({ step, value, rest: [] }, places, found);
    return { paths: [...found.paths].sort(), written: [...found.written].sort() };
  };
}

interface Place {
  step: Step;
  container: Step | null;
}
interface Found {
  paths: Set<string>;
  written: Set<string>;
  seen: Set<string>;
}
/** A mapping of a step, and which part of its value is meant. */
interface Reading {
  step: Step;
  value: Json;
  rest: readonly string[];
}

function placesOf(steps: readonly Step[], container: Step | null = null): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const step of steps) {
    places.set(step.id, { step, container });
    if (isContainer(step)) for (const [id, place] of placesOf(step.steps, step)) places.set(id, place);
  }
  return places;
}

function follow({ step, value, rest }: Reading, places: ReadonlyMap<string, Place>, found: Found): void {
  const paths = readMapping(value) ?? [];
  if (!isPath(value, paths)) found.written.add(canonicalJson(value));
  for (const path of paths) followPath({ step, path: [...path, ...rest] }, places, found);
}

/** Whether a mapping hands on one value as it is. */
function isPath(value: Json, paths: readonly (readonly string[])[]): boolean {
  return isExpression(value) && paths.length === 1 && value.$.trim() === paths[0]?.join('.');
}

function followPath(
  { step, path }: { step: Step; path: readonly string[] },
  places: ReadonlyMap<string, Place>,
  found: Found,
): void {
  const key = `${step.id} ${path.join('.')}`;
  if (found.seen.has(key)) return;
  found.seen.add(key);
  const [root, name = '', ...rest] = path;
  const loop = places.get(step.id)?.container;
  if (root === 'item' && loop?.kind === 'forEach') {
    follow({ step: loop, value: loop.items, rest: ['*', ...path.slice(1)] }, places, found);
    return;
  }
  const source = root === 'steps' ? places.get(name)?.step : undefined;
  const readings = source === undefined ? null : readingsOf(source, rest);
  if (readings === null) found.paths.add(path.join('.'));
  else for (const reading of readings) follow(reading, places, found);
  if (source?.kind === 'code') found.written.add(source.source);
}

/** What the output of a step that only computes is made of; null for one that brings in something of its own. */
function readingsOf(step: Step, path: readonly string[]): Reading[] | null {
  const [field, ...rest] = path;
  if (step.kind === 'transform') {
    const own = field !== undefined && Object.hasOwn(step.input, field) ? step.input[field] : undefined;
    if (own !== undefined) return [{ step, value: own, rest }];
    return mappingsOf(step).map(({ value }) => ({ step, value, rest: [] }));
  }
  if (step.kind === 'code' || step.kind === 'compute')
    return mappingsOf(step).map(({ value }) => ({ step, value, rest: [] }));
  if (!isContainer(step)) return null;
  const outputs = step.steps.map((inner) => ({ step, value: { $: `steps.${inner.id}` }, rest: [] }));
  const collected = innerMappingsOf(step).map(({ value }) => ({ step, value, rest: [] }));
  return step.collect === undefined ? [...outputs, ...collected] : collected;
}
