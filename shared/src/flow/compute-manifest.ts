import type { Catalogue, ConnectorDescription } from '../connector/describe.js';
import { gravestFirst } from '../connector/field-class.js';
import { type Answers, computeClasses, type FlowClasses } from './classes/flow-classes.js';
import { publicShape, shapeAt } from './classes/shape.js';
import { type FlowDocument, isContainer, type Step, type StepOf } from './document.js';
import { classOf, mappedFields } from './field-classes.js';
import type { Manifest } from './manifest.js';
import { actionOf, callOf } from './call-of.js';
import { ownMember } from './own-member.js';
import { slotOfTrigger } from './slot-of-trigger.js';
import { readMapping } from './read-mapping.js';
import { traceOrigins } from './trace-origins.js';

/**
 * What a document needs: a pure function of it and the catalogue, so that an approver, the editor and the engine see
 * the same. Disabled steps need nothing. What can't be known yet (a slot, connector or action that doesn't exist, a
 * broken expression) is left out; `checkFlow` keeps such a draft from being published.
 */
export function computeManifest(document: FlowDocument, catalogue: Catalogue, answers?: Answers): Manifest {
  const classes = computeClasses(document, catalogue, answers);
  const needs = [...activeSteps(document.steps)].flatMap((step) => needsOf(step, document, catalogue));
  const uses = needs.filter((need) => 'action' in need);
  const originsOf = traceOrigins(document);
  return {
    slots: Object.fromEntries(Object.keys(document.slots).flatMap((slot) => slotOf(slot, needs))),
    hosts: sorted(needs.flatMap(({ slot, connector }) => (slot === null ? [] : fixedHosts(connector)))),
    scopes: sorted(needs.flatMap(({ connector, scopes }) => scopes.map((scope) => `${connector.id}:${scope}`))),
    answers: gravestFirst(classes.answer.keys()),
    sends: uses.map((use) => ({ step: use.step.id, slot: use.slot, fields: fieldsOf(use, classes, originsOf) })),
  };
}

/** What one step needs of a connector. */
type Need = Start | Use;
interface Start {
  readonly step: StepOf<'trigger'>;
  readonly connector: ConnectorDescription;
  readonly scopes: readonly string[];
  /** None when its connector has no slot in the flow. */
  readonly slot: string | null;
  /** What it asks for news. */
  readonly asks: ConnectorDescription['actions'][number] | undefined;
}
interface Use {
  readonly step: StepOf<'action'>;
  readonly connector: ConnectorDescription;
  readonly scopes: readonly string[];
  readonly slot: string;
  readonly action: ConnectorDescription['actions'][number];
}

function* activeSteps(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    if (step.disabled) continue;
    yield step;
    if (isContainer(step)) yield* activeSteps(step.steps);
  }
}

function needsOf(step: Step, document: FlowDocument, catalogue: Catalogue): Need[] {
  if (step.kind === 'trigger') return startOf(step, document, catalogue);
  return step.kind === 'action' ? useOf(step, document, catalogue) : [];
}

function useOf(step: StepOf<'action'>, document: FlowDocument, catalogue: Catalogue): Use[] {
  const connector = ownMember(catalogue, ownMember(document.slots, step.slot)?.connector);
  const action = actionOf(step, connector);
  if (connector === undefined || action === undefined) return [];
  return [{ step, slot: step.slot, connector, action, scopes: action.scopes }];
}

/** A trigger that needs scopes takes them through its slot. */
function startOf(step: StepOf<'trigger'>, document: FlowDocument, catalogue: Catalogue): Start[] {
  const connector = ownMember(catalogue, step.connector);
  const trigger = connector?.triggers.find(({ id }) => id === step.trigger);
  if (connector === undefined || trigger === undefined || trigger.scopes.length === 0) return [];
  const slot = slotOfTrigger(document, step);
  return [{ step, slot, connector, scopes: trigger.scopes, asks: actionOf(step, connector) }];
}

function slotOf(slot: string, needs: readonly Need[]): [string, Manifest['slots'][string]][] {
  const inSlot = needs.filter((need) => need.slot === slot);
  const [first] = inSlot;
  if (first === undefined) return [];
  const { connector } = first;
  const calls = inSlot.flatMap((need) => {
    const action = 'action' in need ? need.action : need.asks;
    return action === undefined ? [] : [{ call: callOf(need.step, action), action }];
  });
  const entry = {
    connector: connector.id,
    ...(connector.version === undefined ? {} : { version: connector.version }),
    scopes: sorted(inSlot.flatMap((need) => need.scopes)),
    hosts: connector.hosts === 'connection' ? connector.hosts : fixedHosts(connector),
    calls: sorted(calls.map(({ call }) => call)),
    wholeReplies: sorted(calls.flatMap(({ call, action }) => (isWhole(action) ? [call] : []))),
    steps: inSlot.map((need) => need.step.id),
  };
  return [[slot, entry]];
}

/** Of a mail server nothing comes in but its receipt. */
function isWhole(action: Use['action']): boolean {
  return action.replyFields === null && action.method !== 'SMTP';
}

function fixedHosts(connector: ConnectorDescription): string[] {
  return connector.hosts === 'connection' ? [] : sorted(connector.hosts);
}

function fieldsOf(
  { step, action }: Use,
  classes: FlowClasses,
  originsOf: ReturnType<typeof traceOrigins>,
): Manifest['sends'][number]['fields'] {
  const fields = Map.groupBy(mappedFields(step.input), ({ field }) => field);
  const input = classes.steps.get(step.id)?.input ?? publicShape;
  return [...fields].map(([field, values]) => {
    const carried = gravestFirst(values.flatMap(({ path }) => [...shapeAt(input, path).all.keys()]));
    const origins = values.map(({ value }) => originsOf(step, value));
    const directs = action.directs?.some((name) => field === name || field.startsWith(`${name}.`)) ?? false;
    return {
      field,
      class: gravestFirst([...carried, classOf(field, action.classes)])[0] ?? 'personal',
      classes: carried,
      reads: sorted(values.flatMap(({ value }) => (readMapping(value) ?? []).map((path) => path.join('.')))),
      origins: sorted(origins.flatMap(({ paths }) => paths)),
      written: directs ? sorted(origins.flatMap(({ written }) => written)) : [],
    };
  });
}

function sorted(names: Iterable<string>): string[] {
  return [...new Set(names)].sort();
}
