import type { Catalogue } from '../connector/describe.js';
import { checkExpressions } from './check/expressions.js';
import { checkSecrets } from './check/secrets.js';
import { checkSteps } from './check/steps.js';
import { checkStructure } from './check/structure.js';
import type { FlowDocument } from './document.js';
import type { FlowProblem } from './problem.js';

/** All that stops a draft from being published, each with what to do; empty when it can be. */
export function checkFlow(document: FlowDocument, catalogue: Catalogue): FlowProblem[] {
  return [
    ...checkStructure(document),
    ...checkSteps(document, catalogue),
    ...checkExpressions(document),
    ...checkSecrets(document),
  ];
}
