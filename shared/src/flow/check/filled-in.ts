import type { StepOf } from '../document.js';
import type { FlowProblem } from '../problem.js';
import { titleOf } from './title.js';

/** What a person must fill in before these steps can do anything. */
export function checkFilledIn(step: StepOf<'approval' | 'subflow' | 'state' | 'code'>): FlowProblem[] {
  return missing(step).map(({ path, code, what }) => ({
    code,
    message: `${titleOf(step)} ${what}`,
    step: step.id,
    path: [path],
  }));
}

interface Missing {
  path: string;
  code: string;
  /** The rest of the sentence. */
  what: string;
}

function missing(step: StepOf<'approval' | 'subflow' | 'state' | 'code'>): Missing[] {
  switch (step.kind) {
    case 'approval':
      return isBlank(step.question)
        ? [
            {
              path: 'question',
              code: 'approval.no_question',
              what: 'asks nothing. Write what the person shall decide.',
            },
          ]
        : [];
    case 'subflow':
      return isBlank(step.flow)
        ? [{ path: 'flow', code: 'subflow.no_flow', what: 'runs no flow yet. Choose one that starts by hand.' }]
        : [];
    case 'code':
      return isBlank(step.source)
        ? [{ path: 'source', code: 'code.empty', what: 'has no code. Write some, or remove the step.' }]
        : [];
    case 'state':
      return missingOfState(step);
  }
}

function missingOfState({ operation, key, value, by }: StepOf<'state'>): Missing[] {
  const found: Missing[] = [];
  if (isBlank(key))
    found.push({ path: 'key', code: 'state.no_key', what: 'has no key. Name the state, as in "last order".' });
  const writes = operation === 'set' || operation === 'remember';
  if (writes && value === undefined)
    found.push({ path: 'value', code: 'state.no_value', what: `has nothing to ${operation}. Give it a value.` });
  if (!writes && value !== undefined)
    found.push({
      path: 'value',
      code: 'state.unused',
      what: `has a value that "${operation}" doesn't use. Remove it.`,
    });
  if (operation !== 'increment' && by !== undefined)
    found.push({ path: 'by', code: 'state.unused', what: `has an amount that "${operation}" doesn't use. Remove it.` });
  return found;
}

function isBlank(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === '';
}
