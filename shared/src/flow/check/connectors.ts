import { webhookSchemes } from '../../connector/declare.js';
import type { Catalogue } from '../../connector/describe.js';
import type { FlowDocument, StepOf } from '../document.js';
import { didYouMean } from '../nearest-name.js';
import { ownMember } from '../own-member.js';
import type { FlowProblem } from '../problem.js';
import { slotOfTrigger } from '../slot-of-trigger.js';
import { isExpression, isFields } from '../step-mappings.js';
import { checkAgainstSchema, type SchemaProblem } from './json-schema.js';
import type { JsonSchema } from './schema-words.js';
import { titleOf } from './title.js';

/** Slots whose connector this installation doesn't have. */
export function checkSlots(document: FlowDocument, catalogue: Catalogue): FlowProblem[] {
  const missing = Object.entries(document.slots).filter(([, slot]) => !Object.hasOwn(catalogue, slot.connector));
  return missing.map(([name, slot]) => ({
    code: 'slot.connector_unknown',
    message: `The slot ${name} needs the connector ${slot.connector}, which is not installed here.${didYouMean(slot.connector, Object.keys(catalogue))} Import it, or choose another connector.`,
    path: ['slots', name],
  }));
}

/** An action step against its slot, its connector and the action's input. */
export function checkAction(step: StepOf<'action'>, document: FlowDocument, catalogue: Catalogue): FlowProblem[] {
  const slots = Object.keys(document.slots);
  const slot = ownMember(document.slots, step.slot);
  if (slot === undefined) {
    const hint =
      slots.length === 0
        ? ' Add the slot first.'
        : didYouMean(step.slot, slots) || ` The flow has ${slots.join(', ')}.`;
    const message = `${titleOf(step)} uses a slot ${step.slot}, which the flow doesn't have.${hint}`;
    return [{ code: 'step.slot_unknown', message, step: step.id, path: ['slot'] }];
  }
  // An unknown connector is said once, at the slot.
  const connector = ownMember(catalogue, slot.connector);
  if (connector === undefined) return [];
  const action = connector.actions.find(({ id }) => id === step.action);
  if (action === undefined) {
    const hint = didYouMean(
      step.action,
      connector.actions.map(({ id }) => id),
    );
    const message = `${connector.title} has no action ${step.action}, which ${titleOf(step)} asks for.${hint || ' Choose another action.'}`;
    return [{ code: 'step.action_unknown', message, step: step.id, path: ['action'] }];
  }
  return [
    ...checkLiterals(step, action.literals ?? []),
    ...checkForm({ step, part: 'input', schema: action.input, isMapping: true }),
  ];
}

/** A computation against its connector and its input. */
export function checkComputation(step: StepOf<'compute'>, catalogue: Catalogue): FlowProblem[] {
  const connector = ownMember(catalogue, step.connector);
  if (connector === undefined) {
    const hint = didYouMean(step.connector, Object.keys(catalogue));
    const message = `${titleOf(step)} needs the connector ${step.connector}, which is not installed here.${hint} Choose another step.`;
    return [{ code: 'step.computation_unknown', message, step: step.id, path: ['connector'] }];
  }
  const computation = connector.computations.find(({ id }) => id === step.computation);
  if (computation === undefined) {
    const hint = didYouMean(
      step.computation,
      connector.computations.map(({ id }) => id),
    );
    const message = `${connector.title} computes no ${step.computation}, which ${titleOf(step)} asks for.${hint || ' Choose another step.'}`;
    return [{ code: 'step.computation_unknown', message, step: step.id, path: ['computation'] }];
  }
  return checkForm({ step, part: 'input', schema: computation.input, isMapping: true });
}

/** What must stand in the flow as it is carried out, so that no data becomes a part of it. */
function checkLiterals(step: StepOf<'action'>, fields: readonly string[]): FlowProblem[] {
  return fields
    .filter((field) => isComputed(step.input[field]))
    .map((field) => ({
      code: 'step.input_not_literal',
      message: `The field ${field} of ${titleOf(step)} must be written out, without an expression: pass values as parameters.`,
      step: step.id,
      path: ['input', field],
    }));
}

function isComputed(value: unknown): boolean {
  return isExpression(value) || (typeof value === 'string' && value.includes('{{'));
}

/** A trigger step against its connector and the trigger's settings. */
export function checkTrigger(step: StepOf<'trigger'>, document: FlowDocument, catalogue: Catalogue): FlowProblem[] {
  const connector = ownMember(catalogue, step.connector);
  if (connector === undefined) {
    const hint = didYouMean(step.connector, Object.keys(catalogue));
    const message = `${titleOf(step)} needs the connector ${step.connector}, which is not installed here.${hint} Import it, or choose another trigger.`;
    return [{ code: 'step.trigger_unknown', message, step: step.id, path: ['connector'] }];
  }
  const trigger = connector.triggers.find(({ id }) => id === step.trigger);
  if (trigger === undefined) {
    const hint = didYouMean(
      step.trigger,
      connector.triggers.map(({ id }) => id),
    );
    const message = `${connector.title} has no trigger ${step.trigger}, which ${titleOf(step)} asks for.${hint || ' Choose another trigger.'}`;
    return [{ code: 'step.trigger_unknown', message, step: step.id, path: ['trigger'] }];
  }
  if (trigger.scheme === 'poll' && slotOfTrigger(document, step) === null) {
    const message = `${titleOf(step)} asks ${connector.title} for news, and the flow has no slot for ${connector.title}. Add one.`;
    return [{ code: 'trigger.slot_missing', message, step: step.id }];
  }
  const delivery = trigger.scheme === 'from-config' ? checkDelivery(step, trigger.params) : [];
  const said = new Set(delivery.map((problem) => problem.path?.join()));
  const form = checkForm({ step, part: 'config', schema: trigger.params, isMapping: false });
  return [...delivery, ...form.filter((problem) => !said.has(problem.path?.join()))];
}

/** How a webhook proves who sent it, and when it is answered: never left to chance. */
function checkDelivery(step: StepOf<'trigger'>, params: JsonSchema): FlowProblem[] {
  const { scheme, respond } = step.config;
  const problems: FlowProblem[] = [];
  if (scheme === undefined ? !hasDefault(params, 'scheme') : !webhookSchemes.some((known) => known === scheme)) {
    const intro =
      scheme === undefined ? 'does not say how its sender signs' : 'asks for a way of signing that does not exist';
    const message = `${titleOf(step)} ${intro}. Choose one of ${webhookSchemes.join(', ')}.`;
    problems.push({ code: 'trigger.scheme_unknown', message, step: step.id, path: ['config', 'scheme'] });
  }
  if (respond !== undefined && respond !== 'accepted' && respond !== 'result') {
    const message = `${titleOf(step)} must answer either "accepted" (at once) or "result" (when the flow has one).`;
    problems.push({ code: 'trigger.respond_unknown', message, step: step.id, path: ['config', 'respond'] });
  }
  return problems;
}

function hasDefault(schema: JsonSchema, field: string): boolean {
  const property = isFields(schema['properties']) ? ownMember(schema['properties'], field) : undefined;
  return isFields(property) && Object.hasOwn(property, 'default');
}

type Form =
  | { step: StepOf<'action'> | StepOf<'compute'>; part: 'input'; schema: JsonSchema; isMapping: true }
  | { step: StepOf<'trigger'>; part: 'config'; schema: JsonSchema; isMapping: false };

function checkForm({ step, part, schema, isMapping }: Form): FlowProblem[] {
  const value = step.kind === 'trigger' ? step.config : step.input;
  return checkAgainstSchema({ schema, value, isMapping }).map((problem) => ({
    code: `step.${part}_${problem.kind}`,
    message: `${fieldName(problem)} of ${titleOf(step)} ${problem.says}`,
    step: step.id,
    path: [part, ...problem.path],
  }));
}

function fieldName({ path }: SchemaProblem): string {
  return path.length === 0 ? 'The input' : `The field ${path.join('.')}`;
}
