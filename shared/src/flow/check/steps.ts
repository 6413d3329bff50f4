import type { Catalogue } from '../../connector/describe.js';
import { assertNever } from '../../lib/assert-never.js';
import type { ContainerStep, FlowDocument, Step, StepOf } from '../document.js';
import { everyStep } from '../graph.js';
import type { FlowProblem } from '../problem.js';
import { checkAction, checkComputation, checkSlots, checkTrigger } from './connectors.js';
import { checkFilledIn } from './filled-in.js';
import { titleOf } from './title.js';

/** Each step against what its kind needs. A disabled step does nothing, so it may be unfinished. */
export function checkSteps(document: FlowDocument, catalogue: Catalogue): FlowProblem[] {
  const steps = [...everyStep(document)].filter((step) => !step.disabled);
  return [...checkSlots(document, catalogue), ...steps.flatMap((step) => checkStep(step, document, catalogue))];
}

function checkStep(step: Step, document: FlowDocument, catalogue: Catalogue): FlowProblem[] {
  switch (step.kind) {
    case 'trigger':
      return checkTrigger(step, document, catalogue);
    case 'action':
      return checkAction(step, document, catalogue);
    case 'compute':
      return checkComputation(step, catalogue);
    case 'branch':
      return checkBranch(step);
    case 'wait':
      return checkWait(step);
    case 'respond':
      return [...checkCaller(step, document), ...checkHeaders(step)];
    case 'approval':
    case 'subflow':
    case 'state':
    case 'code':
      return checkFilledIn(step);
    case 'forEach':
    case 'repeat':
      return checkLoop(step);
    case 'transform':
    case 'filter':
    case 'stop':
    case 'callback':
      return [];
    default:
      return assertNever(step);
  }
}

function checkBranch(step: StepOf<'branch'>): FlowProblem[] {
  const seen = new Set(['else']);
  return step.cases.flatMap(({ port }, index) => {
    const isTaken = seen.has(port);
    seen.add(port);
    if (!isTaken) return [];
    const message = `${titleOf(step)} has two ways out called ${port}. Give each case a port of its own; "else" is for when none holds.`;
    return [{ code: 'branch.port_repeated', message, step: step.id, path: ['cases', index, 'port'] }];
  });
}

function checkWait(step: StepOf<'wait'>): FlowProblem[] {
  if ((step.seconds === undefined) !== (step.until === undefined)) return [];
  const intro = step.seconds === undefined ? 'does not say how long to wait' : 'says twice how long to wait';
  const message = `${titleOf(step)} ${intro}. Give it either a number of seconds or a time to wait until.`;
  return [{ code: 'wait.needs_one', message, step: step.id }];
}

function checkLoop(step: ContainerStep): FlowProblem[] {
  if (step.steps.some(({ disabled }) => !disabled)) return [];
  const message = `${titleOf(step)} has nothing to do: no step inside of it is on. Put a step into it, or remove it.`;
  return [{ code: 'loop.empty', message, step: step.id }];
}

function checkCaller(step: StepOf<'respond'>, document: FlowDocument): FlowProblem[] {
  const trigger = document.steps.find((candidate) => candidate.kind === 'trigger' && !candidate.disabled);
  if (trigger?.kind !== 'trigger' || trigger.config['respond'] === 'result') return [];
  const message = `Nobody waits for the answer of ${titleOf(step)}. Set ${titleOf(trigger)} to respond with the result, or remove this step.`;
  return [{ code: 'respond.unreachable_caller', message, step: step.id }];
}

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
// What frames the answer is the server's to say; two that disagree are how requests get smuggled.
const framing = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

function checkHeaders(step: StepOf<'respond'>): FlowProblem[] {
  return Object.keys(step.headers).flatMap((name) => {
    const isOurs = framing.has(name.toLowerCase());
    if (token.test(name) && !isOurs) return [];
    const message = isOurs
      ? `${titleOf(step)} can't set the header ${name}: Sluice sets it. Remove it.`
      : `${titleOf(step)} has a header whose name has characters that a header can't have. Use letters, digits and dashes.`;
    return [{ code: 'respond.header_invalid', message, step: step.id, path: ['headers', name] }];
  });
}
